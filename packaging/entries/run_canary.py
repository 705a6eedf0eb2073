"""The executable `reviewer-canary`: proves the walls, beside the decoder's libraries.

It stands in the decoder's tree because it must prove the same libseccomp and the same
interpreter that the decoder's children are locked by.
"""

from __future__ import annotations

import os
import sys

from reviewer.sandbox.canary import main

if __name__ == "__main__":
    os._exit(main(sys.argv[1:]))
