"""What the machine has, told from made-up `/sys` and `/proc` trees."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reviewer.sandbox import system
from reviewer.sandbox.system import AtRest, disk_state, swap_state


@pytest.fixture
def machine(tmp_path: Path) -> Path:
    """Return the root of a machine that has nothing yet."""
    (tmp_path / "sys" / "dev" / "block").mkdir(parents=True)
    (tmp_path / "proc" / "self").mkdir(parents=True)
    (tmp_path / "proc" / "swaps").write_text("Filename Type Size Used Priority\n")
    return tmp_path


def _node(machine: Path, name: str, *, uuid: str = "", below: tuple[str, ...]) -> Path:
    node = machine / "sys" / "block" / name
    node.mkdir(parents=True)
    if uuid:
        (node / "dm").mkdir()
        (node / "dm" / "uuid").write_text(f"{uuid}\n")
    for part in below:
        (node / "slaves").mkdir(exist_ok=True)
        (node / "slaves" / part).symlink_to(machine / "sys" / "block" / part)
    return node


def _mount(machine: Path, node: Path, path: Path) -> None:
    device = path.stat().st_dev
    link = machine / "sys/dev/block" / f"{os.major(device)}:{os.minor(device)}"
    link.symlink_to(node)


def _disk(machine: Path) -> AtRest:
    return disk_state(machine, sys_dir=machine / "sys", proc_dir=machine / "proc")


def _swap(machine: Path, *paths: str) -> AtRest:
    lines = "".join(f"{path} partition 100 0 -2\n" for path in paths)
    (machine / "proc" / "swaps").write_text(f"Filename Type Size\n{lines}")
    return swap_state(sys_dir=machine / "sys", proc_dir=machine / "proc")


def test_a_plain_partition_is_plain(machine: Path) -> None:
    """A device without anything below it is what it is."""
    _mount(machine, _node(machine, "sda1", below=()), machine)
    assert _disk(machine) is AtRest.PLAIN


def test_luks_is_encrypted(machine: Path) -> None:
    """A dm-crypt device answers for everything above it."""
    _node(machine, "sda1", below=())
    _mount(
        machine, _node(machine, "dm-0", uuid="CRYPT-LUKS2-x", below=("sda1",)), machine
    )
    assert _disk(machine) is AtRest.ENCRYPTED


def test_a_volume_over_luks_is_encrypted(machine: Path) -> None:
    """LVM over LUKS is followed down."""
    _node(machine, "dm-0", uuid="CRYPT-LUKS2-x", below=())
    _mount(machine, _node(machine, "dm-1", uuid="LVM-x", below=("dm-0",)), machine)
    assert _disk(machine) is AtRest.ENCRYPTED


def test_a_volume_over_one_plain_part_is_plain(machine: Path) -> None:
    """A volume is as safe as its worst part."""
    _node(machine, "dm-0", uuid="CRYPT-LUKS2-x", below=())
    _node(machine, "sdb1", below=())
    volume = _node(machine, "dm-1", uuid="LVM-x", below=("dm-0", "sdb1"))
    _mount(machine, volume, machine)
    assert _disk(machine) is AtRest.PLAIN


def test_a_ring_of_devices_ends(machine: Path) -> None:
    """A hostile or broken tree cannot make the walk endless."""
    node = _node(machine, "dm-0", uuid="LVM-x", below=("dm-0",))
    _mount(machine, node, machine)
    assert _disk(machine) is AtRest.UNKNOWN


def test_an_unlisted_device_is_unknown(machine: Path) -> None:
    """What cannot be told is never called encrypted."""
    assert _disk(machine) is AtRest.UNKNOWN


def test_no_sys_is_unknown(tmp_path: Path) -> None:
    """Other systems are not guessed at."""
    assert disk_state(tmp_path, sys_dir=tmp_path / "none") is AtRest.UNKNOWN


def test_a_missing_folder_is_unknown(machine: Path) -> None:
    """A path that is not there has no disk."""
    absent = machine / "absent"
    assert disk_state(absent, sys_dir=machine / "sys") is AtRest.UNKNOWN


def test_memory_file_systems_are_memory() -> None:
    """On Linux, `/proc` is a file system without a device, and not memory."""
    assert disk_state(Path("/proc")) is AtRest.UNKNOWN
    if Path("/dev/shm").is_mount() and swap_state() is AtRest.NONE:  # noqa: S108
        assert disk_state(Path("/dev/shm")) is AtRest.MEMORY  # noqa: S108


def test_no_swap_is_none(machine: Path) -> None:
    """No swap is the best swap."""
    assert _swap(machine) is AtRest.NONE


def test_swap_in_compressed_memory(machine: Path) -> None:
    """Compressed memory never reaches a disk, unless it has one behind it."""
    backing = _node(machine, "zram0", below=()) / "backing_dev"
    assert _swap(machine, "/dev/zram0") is AtRest.MEMORY
    backing.write_text("none\n")
    assert _swap(machine, "/dev/zram0") is AtRest.MEMORY
    backing.write_text("/dev/sda3\n")
    assert _swap(machine, "/dev/zram0") is AtRest.UNKNOWN


def test_a_swap_file_lies_as_its_disk(machine: Path) -> None:
    """A file on a plain disk is a plain swap; the worst swap counts."""
    _mount(machine, _node(machine, "sda1", below=()), machine)
    (machine / "swapfile").touch()
    assert _swap(machine, "/dev/zram0", f"{machine}/swapfile") is AtRest.PLAIN


def test_unreadable_swap_is_unknown(machine: Path) -> None:
    """A swap that is not there, or a table that is not, is unknown."""
    assert _swap(machine, str(machine / "absent")) is AtRest.UNKNOWN
    (machine / "proc" / "swaps").unlink()
    assert swap_state(proc_dir=machine / "proc") is AtRest.UNKNOWN


def test_missing_libraries_are_named_by_package(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A library that does not load is named with the package that holds it."""
    monkeypatch.setattr(system, "_ALWAYS", {"libnot-there.so.9": "libnot-there9"})
    assert system.missing_libraries() == ("libnot-there.so.9",)
    assert system.missing_packages() == ("libnot-there9",)


def test_other_systems_miss_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """Windows and macOS bring these libraries in the wheel."""
    monkeypatch.setattr("sys.platform", "win32")
    assert system.missing_libraries(display=True) == ()


def test_every_library_has_a_package() -> None:
    """The list for README is complete and names nothing twice."""
    packages = system.all_packages()
    assert "libseccomp2" in packages
    assert len(set(packages)) == len(packages)
