"""The executable `reviewer-draw`: draws the demonstration's media, and ends."""

from __future__ import annotations

import sys

from reviewer.demo.draw import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
