"""The executable `reviewer-coordinator`: the service and the demonstration.

The same front door as `reviewer`, in a tree that has the rooms behind its entry
points. `reviewer coordinator …` and `reviewer demo …` become this program.
"""

from __future__ import annotations

import sys

from reviewer.__main__ import main

if __name__ == "__main__":
    sys.exit(main())
