"""`python -m oxtui` is the `oxtui` command."""

import sys

from oxtui.cli import main

if __name__ == "__main__":
    sys.exit(main())
