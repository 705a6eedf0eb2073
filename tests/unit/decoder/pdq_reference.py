"""PDQ as the reference computes it: pdqhash 0.2.8 on the photographs of scikit-image.

Made once with Meta's own code by those bindings, on the whole picture in RGB. The
package is not a dependency of ours: it has no wheels for Linux (ADR-0023).
"""

from __future__ import annotations

from typing import Final

AS_THEY_ARE: Final = {
    "astronaut.png": (
        "2d6b1af3a956c529e79ca3d2526fa834d4196c81cedd04de0a26b855fc99b724",
        100,
    ),
    "camera.png": (
        "dc9c9d3b746978f888f40ce6e5c3f70f7266623e8d989cb99f21f2010841e1c7",
        100,
    ),
    "chelsea.png": (
        "5feb5321f01da156898e2bf629a5d3438412cdbd23f48942464526315db33ffd",
        100,
    ),
    "coffee.png": (
        "8c629e779a663698b9a33866c026726c21a679f61eb6e1f8c79ba7e23c8299e0",
        100,
    ),
    "coins.png": (
        "8ee552196df86aa552b514e6e505e0319aeb1aaea4a5d935dd4a675a1a56a555",
        100,
    ),
    "motorcycle_left.png": (
        "e0c9cfdb78d358d68a58ec54e94ba55937525b67508a0b87ad64fc6b4631c470",
        100,
    ),
    "page.png": (
        "965b26d62ed3636b192ccdddcc91d88c3925812979849815e37b1cce4732a6fb",
        100,
    ),
    "moon.png": (
        "131645cde366d981e1e371b264d8b25b9e4d13771d8c4f366d946ca57133d0c9",
        83,
    ),
    "clock_motion.png": (
        "26cc3ccc933373334c34d778acc94cccb326f3394c932666934cd99d25337674",
        34,
    ),
    "brick.png": (
        "bed7058ba2005a4b071bb8a4cc6278789fbc02cfcd30d1d73fa71673c67945d2",
        100,
    ),
    "rocket.jpg": (
        "8792786c87937064bf1bc0e43f1fc0e03f1cc2e33da4c2537cec821b2ce4f376",
        100,
    ),
    "hubble_deep_field.jpg": (
        "1c6715e46266634f72d42df2324ad397e70e86be9c665c59a42ec19c3369b919",
        100,
    ),
}
"""Hash and quality by file."""

FIVE_TIMES: Final = {
    "astronaut.png": (
        "2d2f1af3a856c529c79ca3d6526fa836d4196c81c6dd04de0a26f855fc99b724",
        100,
    ),
    "coffee.png": (
        "8c609e769a66365cf9833866c026726c21a679f61eb6e1f8c799a7f67c0299e0",
        100,
    ),
    "coins.png": (
        "8ee552196df86aa552b514e6e505e0319bef1aaea4a5d9159d6a674a1a56a555",
        100,
    ),
    "brick.png": (
        "dfd685cba2005b4927073aa0ca42796affbc08c7cf3ad3df2ba755528c6941c8",
        100,
    ),
}
"""The same, each pixel repeated five times in both directions."""
