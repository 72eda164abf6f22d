"""``python -m rfdocs`` is the command ``rfdocs``."""

import sys

from rfdocs.cli import main

if __name__ == "__main__":
    sys.exit(main())
