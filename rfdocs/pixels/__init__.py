"""What a network's first layers answer to an image, and the pixels that answer most: with numpy, of given weights."""
