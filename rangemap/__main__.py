"""Start the command line: ``python -m rangemap``."""

import sys

from rangemap.cli import main

if __name__ == "__main__":
    sys.exit(main())
