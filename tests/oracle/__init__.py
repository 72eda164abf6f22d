"""The independent judge: a brute force over the taps, and the networks that it is asked about."""
