"""The executable `reviewer-decoder`: started by `sandbox.launch` alone."""

from __future__ import annotations

import os
import sys

from reviewer.decoder.__main__ import main

if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
