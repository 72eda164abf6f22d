"""What is made of a catalogue, what is recorded of it, and what is kept for the next build: without Sphinx."""
