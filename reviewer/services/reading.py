"""Give the clear bytes of one item, decrypted on demand and never written.

Items up to 64 MiB are decrypted and hashed whole before the first answer to a
child; larger ones and clips are read chunk by chunk, each authenticated before
release, and hashed in the background by `verify_whole` (design.md 4).
"""

from __future__ import annotations

import io
import threading
from pathlib import Path
from typing import Final

from reviewer.crypto.age import AgeIdentity, AgeReader
from reviewer.crypto.hashes import Sha256, sha256_hex
from reviewer.crypto.padding import is_zero, padme
from reviewer.domain.ids import ItemId
from reviewer.domain.item import Item, Kind
from reviewer.errors import Code, MediaError, RefusedError, VerificationError
from reviewer.ports import Identities

WHOLE_BYTES: Final = 64 * 1024 * 1024  # design.md 4
STEP_BYTES: Final = 1024 * 1024


def identity_of(identities: Identities, item_id: ItemId) -> bytes:
    """Unwrap an identity; one that is gone is as a file that is gone: MEDIA_MISSING."""
    try:
        return identities(item_id)
    except RefusedError as error:
        raise MediaError(Code.MEDIA_MISSING, item_id) from error


class ItemReader:
    """`MediaReader` over one age file inside a batch's media file."""

    def __init__(self, path: Path, item: Item, identity: bytes) -> None:
        """Keep what is needed; the file is opened at the first read."""
        self._path = path
        self._item = item
        self._identity = identity
        self._lock = threading.Lock()
        self._whole: bytes | None = None
        self._file: io.BufferedReader | None = None
        self._age: AgeReader | None = None

    @property
    def size_bytes(self) -> int:
        """Return the true size, without padding."""
        return self._item.size_bytes

    def read(self, offset_bytes: int, length_bytes: int, /) -> bytes:
        """Return authenticated bytes, short only at the end.

        Raises:
            VerificationError: the media are not what the batch says.
            MediaError: the media file is gone.
        """
        end = min(offset_bytes + length_bytes, self._item.size_bytes)
        if offset_bytes >= end:
            return b""
        with self._lock:
            if self._is_whole():
                return self._load_whole()[offset_bytes:end]
            return self._opened().read(offset_bytes, end - offset_bytes)

    def verify_whole(self) -> None:
        """Hash a large item or clip; reads it once through, memory flat.

        Raises:
            VerificationError: HASH_MISMATCH, or a chunk is not authentic.
        """
        hasher = Sha256()
        for offset in range(0, self._item.size_bytes, STEP_BYTES):
            hasher.update(self.read(offset, STEP_BYTES))
        if hasher.hex() != self._item.sha256:
            raise VerificationError(Code.HASH_MISMATCH, self._item.id)

    def close(self) -> None:
        """Forget the bytes and close the file."""
        with self._lock:
            self._whole = None
            self._age = None
            if self._file is not None:
                self._file.close()
                self._file = None

    def _is_whole(self) -> bool:
        return self._item.kind is not Kind.CLIP and self._item.size_bytes <= WHOLE_BYTES

    def _load_whole(self) -> bytes:
        if self._whole is None:
            padded = self._opened().read(0, padme(self._item.size_bytes))
            whole = padded[: self._item.size_bytes]
            if not is_zero(padded[self._item.size_bytes :]):
                raise VerificationError(Code.HASH_MISMATCH, self._item.id)
            if sha256_hex(whole) != self._item.sha256:
                raise VerificationError(Code.HASH_MISMATCH, self._item.id)
            self._whole = whole
        return self._whole

    def _opened(self) -> AgeReader:
        if self._age is None:
            try:
                file = self._path.open("rb")
            except OSError as error:
                raise MediaError(Code.MEDIA_MISSING, self._item.id) from error
            self._file = file
            age = AgeReader(
                self._read_at,
                self._item.sealed_bytes,
                AgeIdentity.from_raw(self._identity),
            )
            if age.plain_bytes != padme(self._item.size_bytes):
                raise VerificationError(Code.HASH_MISMATCH, self._item.id)
            self._age = age
        return self._age

    def _read_at(self, offset: int, length: int) -> bytes:
        if self._file is None:
            raise MediaError(Code.MEDIA_MISSING, self._item.id)
        self._file.seek(self._item.offset_bytes + offset)
        return self._file.read(length)
