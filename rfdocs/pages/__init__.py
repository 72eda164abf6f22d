"""What pages say, without knowing how they are written to disk: content, and its HTML. No I/O, no Sphinx."""
