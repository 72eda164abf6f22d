"""What is made of a catalogue, what is known of it, and what is kept for the next build: without Sphinx."""
