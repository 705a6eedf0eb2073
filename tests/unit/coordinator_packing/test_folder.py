"""A folder is listed by names and endings, in one order, and nothing is opened."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewer.coordinator.folder import (
    DEPTH_COUNT,
    Skip,
    Skipped,
    kind_of,
    list_folder,
    open_regular,
)
from reviewer.domain.item import Kind
from reviewer.errors import Code, RefusedError


@pytest.mark.parametrize(
    ("name", "kind", "declared"),
    [
        ("a.JPG", Kind.IMAGE, "image/jpeg"),
        ("a.b.jpeg", Kind.IMAGE, "image/jpeg"),
        ("x/a.png", Kind.IMAGE, "image/png"),
        ("a.webp", Kind.IMAGE, "image/webp"),
        ("a.gif", Kind.IMAGE, "image/gif"),
        ("a.bmp", Kind.IMAGE, "image/bmp"),
        ("a.mp4", Kind.CLIP, "video/mp4"),
        ("a.m4v", Kind.CLIP, "video/mp4"),
        ("a.mov", Kind.CLIP, "video/quicktime"),
        ("a.mkv", Kind.CLIP, "video/x-matroska"),
        ("a.webm", Kind.CLIP, "video/webm"),
        ("a.txt", Kind.TEXT, "text/plain"),
        ("a.md", Kind.TEXT, "text/markdown"),
        ("a.svg", Kind.UNSUPPORTED, "application/octet-stream"),
        ("a.tiff", Kind.UNSUPPORTED, "application/octet-stream"),
        ("jpg", Kind.UNSUPPORTED, "application/octet-stream"),
        ("x.jpg/a", Kind.UNSUPPORTED, "application/octet-stream"),
        ("a.", Kind.UNSUPPORTED, "application/octet-stream"),
    ],
)
def test_the_ending_alone_decides(name: str, kind: Kind, declared: str) -> None:
    """Type is by ending; anything unknown is unsupported, never refused."""
    assert kind_of(name) == (kind, declared)


def test_the_order_is_by_name(tmp_path: Path) -> None:
    """The same folder gives the same list on every machine."""
    for name in ("b.jpg", "a/z.jpg", "B.jpg", "a.jpg", "a/b/c.jpg"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(name.encode())
    names = [file.name for file in list_folder(tmp_path).files]
    assert names == ["B.jpg", "a.jpg", "a/b/c.jpg", "a/z.jpg", "b.jpg"]


def test_what_is_no_plain_file_is_named_and_never_followed(tmp_path: Path) -> None:
    """Hidden names, links, loops and pipes are reported with their reason."""
    media = tmp_path / "media"
    media.mkdir()
    (tmp_path / "secret.jpg").write_bytes(b"x")
    (media / "a.jpg").write_bytes(b"x")
    (media / ".hidden.jpg").write_bytes(b"x")
    (media / "link.jpg").symlink_to(tmp_path / "secret.jpg")
    (media / "loop").symlink_to(media)
    (media / "gone.jpg").symlink_to(media / "nothing")
    os.mkfifo(media / "pipe.jpg")
    listed = list_folder(media)
    assert [file.name for file in listed.files] == ["a.jpg"]
    assert listed.skipped == (
        Skipped(name=".hidden.jpg", why=Skip.HIDDEN),
        Skipped(name="gone.jpg", why=Skip.LINK),
        Skipped(name="link.jpg", why=Skip.LINK),
        Skipped(name="loop", why=Skip.LINK),
        Skipped(name="pipe.jpg", why=Skip.SPECIAL),
    )


def test_folders_within_folders_have_an_end(tmp_path: Path) -> None:
    """Deeper than sixteen folders is reported, not walked."""
    deep = tmp_path.joinpath(*["d"] * (DEPTH_COUNT + 1))
    deep.mkdir(parents=True)
    (deep / "a.jpg").touch()
    listed = list_folder(tmp_path)
    assert listed.files == ()
    assert [each.why for each in listed.skipped] == [Skip.TOO_DEEP]


def test_a_name_that_is_no_text_becomes_one(tmp_path: Path) -> None:
    """Bad bytes and controls are shown as `?`, and names stay apart."""
    folder = os.fsencode(tmp_path)
    for name in (b"a\xff.jpg", b"a\xfe.jpg", b"b\x1b.jpg"):
        Path(os.fsdecode(os.path.join(folder, name))).touch()  # noqa: PTH118 (bytes)
    names = [file.name for file in list_folder(tmp_path).files]
    assert names == ["a?.jpg", "a?.jpg (2)", "b?.jpg"]
    assert {file.kind for file in list_folder(tmp_path).files} == {Kind.IMAGE}


def test_a_decomposed_name_is_composed(tmp_path: Path) -> None:
    """A table made on one system names files listed on another."""
    (tmp_path / "e\u0301.jpg").touch()
    assert list_folder(tmp_path).files[0].name == "\u00e9.jpg"


def test_the_table_beside_the_media_is_no_item(tmp_path: Path) -> None:
    """It may lie in the same folder."""
    (tmp_path / "items.csv").touch()
    (tmp_path / "a.jpg").touch()
    listed = list_folder(tmp_path, leave_out=tmp_path / "items.csv")
    assert [file.name for file in listed.files] == ["a.jpg"]


def test_no_folder_is_told_apart(tmp_path: Path) -> None:
    """A missing folder or a file in its place is INPUT_MISSING."""
    (tmp_path / "file").touch()
    for name in ("none", "file"):
        with pytest.raises(RefusedError) as caught:
            list_folder(tmp_path / name)
        assert caught.value.code is Code.INPUT_MISSING


def test_a_pipe_in_the_place_of_a_file_does_not_hang(tmp_path: Path) -> None:
    """Only regular files are opened, and links are not followed."""
    os.mkfifo(tmp_path / "pipe.jpg")
    (tmp_path / "a.jpg").touch()
    (tmp_path / "link.jpg").symlink_to(tmp_path / "a.jpg")
    for name in ("pipe.jpg", "link.jpg", "none.jpg"):
        with pytest.raises(OSError):  # noqa: PT011 (the system's words differ)
            open_regular(tmp_path / name)
    os.close(open_regular(tmp_path / "a.jpg"))
