"""Locked children, one per item, on Linux."""

from __future__ import annotations

import socket
import threading
from typing import Final

from reviewer.domain.ids import ItemId
from reviewer.domain.item import Kind
from reviewer.domain.rendition import SandboxLevel
from reviewer.errors import Code, MediaError, ReviewerError, UnavailableError
from reviewer.media.charsets import charset_of
from reviewer.media.conversation import Conversation, translated
from reviewer.media.deadlines import Deadlines
from reviewer.media.launchers import ForkLauncher, Launcher
from reviewer.media.link import Link, SharedMemory, Timer
from reviewer.media.meter import RenditionMeter
from reviewer.media.session import LockedSession
from reviewer.pipe.codes import Charset, Subject, Wall
from reviewer.pipe.frames import READY_BYTES, Hello, Ready
from reviewer.pipe.sizes import MAX_ITEM_BYTES, SHARED_BYTES
from reviewer.ports import MediaReader
from reviewer.sandbox import proof

_SUBJECTS: Final = {
    Kind.IMAGE: Subject.STILL,
    Kind.CLIP: Subject.CLIP,
    Kind.TEXT: Subject.TEXT,
}


class LinuxDecoderPool:
    """A `DecoderPool` of forked (or spawned) children behind the Linux walls."""

    def __init__(
        self,
        *,
        floor: SandboxLevel = SandboxLevel.FULL,
        meter: RenditionMeter | None = None,
        deadlines: Deadlines | None = None,
        launcher: Launcher | None = None,
    ) -> None:
        """Prepare a pool; nothing is started before the first use.

        Args:
            floor: The least walls that the organisation accepts; NONE counts as
                REDUCED, because nothing is ever decoded without a sandbox.
            meter: Told of every rendition that is read.
            deadlines: The product's by default.
            launcher: Forks by default.
        """
        self._floor = floor
        self._meter = meter
        self._deadlines = deadlines or Deadlines()
        self._launcher: Launcher = launcher or ForkLauncher()
        self._lock = threading.Lock()
        self._sessions: list[LockedSession] = []
        self._is_shut = False
        self._proof: proof.EscapeReport | None = None

    @property
    def level(self) -> SandboxLevel:
        """Return the walls that were proved at start by a canary child."""
        return self.report.level

    @property
    def report(self) -> proof.EscapeReport:
        """Return what the canary proved; the first call starts it and waits."""
        with self._lock:
            if self._proof is None:
                self._proof = proof.prove(proof.begin())
            return self._proof

    def start(self) -> None:
        """Prove the walls and warm the codecs, both at a time. Safe to call again.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, the walls cannot be had.
        """
        if self._is_shut:
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, "shut down")
        with self._lock:
            if self._proof is None:
                canary = proof.begin()
                try:
                    if canary is not None:
                        self._launcher.start(self._deadlines.start_s)
                finally:
                    self._proof = proof.prove(canary)
        if not self._is_allowed(self.level):
            self._launcher.stop()
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, self.level.value)
        self._launcher.start(self._deadlines.start_s)

    def open(
        self,
        reader: MediaReader,
        /,
        *,
        item_id: ItemId,
        kind: Kind,
        declared_type: str,
    ) -> LockedSession:
        """Start a locked child for an item and wait until its walls stand.

        Of the declared type only the charset of a text is used, where it names one
        and the bytes do not say otherwise.

        Raises:
            UnavailableError: SANDBOX_UNAVAILABLE, the walls cannot be had.
            MediaError: MEDIA_UNSUPPORTED or MEDIA_TOO_LARGE, before any child.
        """
        subject = _SUBJECTS.get(kind)
        if subject is None:
            raise MediaError(Code.MEDIA_UNSUPPORTED, kind.value)
        if reader.size_bytes > MAX_ITEM_BYTES:
            raise MediaError(Code.MEDIA_TOO_LARGE, str(reader.size_bytes))
        self.start()
        session = self._start_session(
            reader,
            item_id=item_id,
            subject=subject,
            charset=charset_of(declared_type),
        )
        with self._lock:
            open_ones = [one for one in self._sessions if not one.is_closed]
            self._sessions = [*open_ones, session]
        if self._is_shut:  # meanwhile, and perhaps without seeing this child
            session.close()
            self._launcher.stop()  # it may have started anew for it
            raise MediaError(Code.DECODER_DIED, "shut down")
        return session

    def close_all(self) -> None:
        """End every child; the pool can be used again."""
        with self._lock:
            sessions, self._sessions = self._sessions, []
        for session in sessions:
            session.close()

    def shut_down(self) -> None:
        """End every child and the zygote; the pool refuses from here on."""
        self._is_shut = True
        self.close_all()
        self._launcher.stop()

    def _is_allowed(self, level: SandboxLevel) -> bool:
        if level is SandboxLevel.FULL:
            return True
        return level is SandboxLevel.REDUCED and self._floor is not SandboxLevel.FULL

    def _start_session(
        self,
        reader: MediaReader,
        *,
        item_id: ItemId,
        subject: Subject,
        charset: Charset,
    ) -> LockedSession:
        shared = SharedMemory(SHARED_BYTES)
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_STREAM)
        link: Link | None = None
        try:
            with theirs:
                child = self._launcher.launch(
                    subject,
                    pipe_fd=theirs.fileno(),
                    shared_fd=shared.fd,
                    without_landlock=self._floor is not SandboxLevel.FULL,
                )
            link = Link(ours, child)
            self._greet(link, reader, subject, charset)
        except ReviewerError:
            if link is not None:
                link.cut()
            ours.close()
            shared.close()
            raise
        return LockedSession(
            item_id=item_id,
            link=link,
            shared=shared,
            conversation=Conversation(
                link, reader, subject=subject, deadlines=self._deadlines
            ),
            meter=self._meter,
        )

    def _greet(
        self, link: Link, reader: MediaReader, subject: Subject, charset: Charset
    ) -> None:
        """Wait for the walls; only then tell the child what the item is."""
        timer = Timer(self._deadlines.start_s)
        hello = Hello(
            subject=subject,
            shared_bytes=SHARED_BYTES,
            size_bytes=reader.size_bytes,
            charset=charset,
        )
        try:
            ready = translated(lambda: Ready.unpack(link.receive(READY_BYTES, timer)))
            translated(lambda: link.send(hello.pack(), timer))
        except MediaError as error:
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, "lock") from error
        if ready.wall is Wall.REDUCED and self._floor is SandboxLevel.FULL:
            raise UnavailableError(Code.SANDBOX_UNAVAILABLE, ready.wall.name)
