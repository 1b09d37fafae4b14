"""Start the command line: ``python -m rangemap``."""

import signal
import sys

from rangemap.cli import main


def run() -> int:
    """Run the command line as a program of its own, and return its exit code."""
    code = main()
    if code >= 128:  # interrupted: a second Ctrl-C has nothing left to end
        signal.signal(signal.SIGINT, signal.SIG_IGN)
    return code


if __name__ == "__main__":
    sys.exit(run())
