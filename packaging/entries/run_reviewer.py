"""The executable `reviewer`: the window and the commands of a reviewer's laptop."""

from __future__ import annotations

import sys

from reviewer.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
