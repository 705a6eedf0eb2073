"""Import and exercise every codec while files can still be opened.

Codecs import lazily; behind the walls such an import ends the child. So every
path that a request can take is taken here once, on samples drawn by us, each in
one thread. No encoder is opened.
"""

from __future__ import annotations

import io
import itertools

import cv2
from PIL import (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    Image,
    ImageFile,
    JpegImagePlugin,
    MpoImagePlugin,
    PngImagePlugin,
    TiffImagePlugin,
    WebPImagePlugin,
)

from reviewer.decoder import samples, stills
from reviewer.decoder.serving import showing_of
from reviewer.pipe.codes import Op, Rung, Subject
from reviewer.pipe.frames import Request
from reviewer.pipe.sizes import BOX_UNIT

_PLUGINS = (
    AvifImagePlugin,
    BmpImagePlugin,
    GifImagePlugin,
    JpegImagePlugin,
    PngImagePlugin,
    MpoImagePlugin,  # a JPEG of several pictures is opened with it
    TiffImagePlugin,  # Pillow reads EXIF with it
    WebPImagePlugin,
)


def warm_up(subjects: tuple[Subject, ...] = tuple(Subject)) -> None:
    """Bring the codecs of these subjects to where nothing is imported any more."""
    cv2.setNumThreads(1)
    cv2.ocl.setUseOpenCL(False)
    Image.preinit()
    ImageFile.LOAD_TRUNCATED_IMAGES = False
    stills.set_up()
    media = {
        Subject.STILL: samples.stills(),
        Subject.CLIP: samples.clips(),
        Subject.TEXT: (b"One word \xe2\x80\x93 two.\x00", b"\xff\xfea\x00", b"\xe9"),
    }
    for subject in subjects:
        for data in media[subject]:
            _exercise(subject, data)


def _exercise(subject: Subject, data: bytes) -> None:
    showing = showing_of(subject, io.BytesIO(data), threads_count=1)
    showing.info(0)
    if subject is Subject.TEXT:
        showing.page(0)
        showing.find("One Wörd", 0)
        return
    for rung, is_grey in itertools.product(Rung, (False, True)):
        showing.still(_request(Op.STILL, rung=rung, is_grey=is_grey))
    showing.sheet(_request(Op.STORYBOARD, rung=Rung.CONCEALED, is_grey=True))
    showing.prints()


def _request(op: Op, *, rung: Rung, is_grey: bool) -> Request:
    return Request(
        op=op,
        serial=0,
        rung=rung,
        is_grey=is_grey,
        width_px=24,
        height_px=24,
        box_width=BOX_UNIT,
        box_height=BOX_UNIT,
        tiles_count=2,
    )
