"""`reviewer verify` on what the main job keeps: true files, and every false one."""

from __future__ import annotations

import argparse
import base64
import io
import json
import os
from contextlib import redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reviewer.cli import parser, verify
from reviewer.coordinator.ownkeys import load_keys
from reviewer.crypto.hashes import sha256_hex
from reviewer.domain.person import Capacity
from reviewer.formats.base64 import b64
from reviewer.safeguards.basis import Looks
from reviewer.services.drafting import Complete
from reviewer.services.entering import Entering
from reviewer.services.verifying import Verdict, verify_file
from tests.fakes.bench_profile import (
    BenchProfile,
    Organisation,
    make_profile,
    organisation,
)
from tests.fakes.service_home import packed

KEYS = {"valid", "kind", "code", "depth", "key_id"}
KINDS = {"batch": "rvbatch", "submission": "rvsub", "receipt": "json"}
SAMPLES = 24


@dataclass(frozen=True, slots=True)
class Kept:
    """What a run of the main job leaves behind, and the private keys to open it."""

    folder: Path
    door: Entering
    root: str
    trust: bytes
    batch_key: bytes
    service_key: bytes

    def path(self, kind: str) -> Path:
        return self.folder / f"kept.{KINDS[kind]}"

    def data(self, kind: str) -> bytes:
        return self.path(kind).read_bytes()


def make_kept(folder: Path) -> Kept:
    """Run the main job once, by stick, and keep its files."""
    with organisation(folder / "coordinator") as org:
        profile = make_profile(org, folder / "profile")
        return _walked(org, profile, folder)


def _walked(org: Organisation, profile: BenchProfile, folder: Path) -> Kept:
    session = profile.enrol(org)
    try:
        pack = packed(org.service, folder)
        dealt = org.deal(pack, session._keys.device.key_id)
        (folder / "kept.rvbatch").write_bytes(dealt.read_bytes())
        stock = {row.key_id: row.private for row in session._store.seal_keys()}
        session.import_file(folder / "kept.rvbatch")
        left = {row.key_id for row in session._store.seal_keys()}
        batch = session.open_batch(session.home().batches[0].batch_id)
        fine = Complete(verdict="NOT_VIOLATING")
        session.decide(batch.rows[0].item.id, fine, looks=Looks(), note="a note")
        session.submit_to_file(folder / "kept.rvsub", Capacity.OK)
        receipt = org.service.accept((folder / "kept.rvsub").read_bytes())
        (folder / "kept.json").write_bytes(receipt)
        session.take_receipt(receipt)
    finally:
        session.lock()
    (used,) = set(stock) - left
    with org.service._state.database.transaction() as rows:
        service_key = load_keys(org.service._state, rows).seal.raw
    return Kept(
        folder=folder,
        door=profile.door(),
        root=org.service.root_sha256(),
        trust=org.service.trust(),
        batch_key=stock[used],
        service_key=service_key,
    )


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    return make_kept(tmp_path_factory.mktemp("kept"))


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Kept:
    """What another organisation keeps."""
    return make_kept(tmp_path_factory.mktemp("other"))


@pytest.fixture
def scratch(tmp_path: Path) -> Path:
    return tmp_path / "changed"


def judged(path: Path, kept: Kept, *, open_with: bytes | None = None) -> Verdict:
    return verify_file(path, trust=kept.trust, open_with=open_with)


def command(kept: Kept, *arguments: str | Path) -> tuple[int, dict[str, object]]:
    """Run `reviewer verify` as its arguments are typed; return exit code and JSON."""
    args: argparse.Namespace = parser.build().parse_args(
        ["verify", *map(str, arguments), "--json"]
    )
    out = io.StringIO()
    with redirect_stdout(out):
        code = verify.run(args, kept.door)
    return int(code), json.loads(out.getvalue())


def places(data: bytes, kind: str) -> list[int]:
    """Sample positions: first and last of every part, and some between."""
    edges = [0, len(data) - 1]
    if kind != "receipt":
        after = 9 + int.from_bytes(data[5:9], "big")
        edges += [4, 5, 8, 9, after - 1, after]
        if kind == "batch":
            payload = json.loads(data[9:after])["payload"]
            outer = json.loads(base64.standard_b64decode(payload))
            media = after + int(outer["segment0"]["length"])
            edges += [media - 1, media]
    step = max(1, len(data) // SAMPLES)
    return sorted({*edges, *range(0, len(data), step)})


@pytest.mark.parametrize("kind", KINDS)
def test_the_kept_files_are_valid(kept: Kept, kind: str) -> None:
    """Exit 0, the promised keys and no other, and the signer's key id."""
    trust = kept.folder / "trust.json"
    trust.write_bytes(kept.trust)
    code, said = command(kept, kept.path(kind), "--trust", trust, "--root", kept.root)
    assert (code, set(said)) == (0, KEYS)
    assert (said["valid"], said["kind"], said["code"]) == (True, kind, None)
    assert said["depth"] == ("contents" if kind == "receipt" else "envelope")
    assert said["key_id"]


@pytest.mark.parametrize("kind", KINDS)
def test_one_changed_byte_is_found(kept: Kept, kind: str, scratch: Path) -> None:
    """At first and last of every part and in between; each has a code."""
    data = kept.data(kind)
    for place in places(data, kind):
        changed = bytearray(data)
        changed[place] ^= 0x01
        scratch.write_bytes(bytes(changed))
        verdict = judged(scratch, kept)
        assert not verdict.valid, place
        assert verdict.code is not None
        assert verdict.key_id is None


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=60)
@given(draw=st.data())
def test_any_changed_byte_is_found(kept: Kept, kind: str, draw: st.DataObject) -> None:
    """Anywhere, to anything else."""
    data = kept.data(kind)
    place = draw.draw(st.integers(0, len(data) - 1))
    value = draw.draw(st.integers(0, 255).filter(lambda one: one != data[place]))
    changed = kept.folder / "any-changed"
    changed.write_bytes(data[:place] + bytes([value]) + data[place + 1 :])
    assert not judged(changed, kept).valid


@pytest.mark.parametrize("kind", KINDS)
def test_cut_and_appended_are_found(kept: Kept, kind: str, scratch: Path) -> None:
    """Cut at any part, empty, and one byte too many."""
    data = kept.data(kind)
    for place in (*places(data, kind), len(data) - 1):
        scratch.write_bytes(data[:place])
        assert not judged(scratch, kept).valid, place
    for more in (b"\0", b" ", b"\n", data):
        scratch.write_bytes(data + more)
        assert not judged(scratch, kept).valid


@pytest.mark.parametrize("kind", KINDS)
def test_another_organisation_s_file_is_found(
    kept: Kept, other: Kept, kind: str
) -> None:
    """Genuine, but not ours."""
    verdict = judged(other.path(kind), kept)
    assert not verdict.valid
    assert verdict.code is not None


@pytest.mark.parametrize("kind", KINDS)
def test_file_and_trust_both_swapped(kept: Kept, other: Kept, kind: str) -> None:
    """Together they are consistent; the root's hash from elsewhere says no."""
    trust = other.folder / "trust.json"
    trust.write_bytes(other.trust)
    swapped = (other.path(kind), "--trust", trust)
    assert command(kept, *swapped)[0] == 0
    code, said = command(kept, *swapped, "--root", kept.root)
    assert (code, said["valid"], said["code"]) == (1, False, "ROOT_MISMATCH")


@pytest.mark.parametrize("kind", KINDS)
def test_without_trust(kept: Kept, kind: str) -> None:
    """There is nobody to believe."""
    code, said = command(kept, kept.path(kind))
    assert (code, said["valid"], said["code"]) == (1, False, "NO_TRUST_ROOT")
    assert set(said) == KEYS


def test_a_changed_trust_file_is_found(kept: Kept, scratch: Path) -> None:
    """The bundle is verified before anything is verified by it."""
    for place in range(0, len(kept.trust), len(kept.trust) // 40):
        changed = bytearray(kept.trust)
        changed[place] ^= 0x01
        verdict = verify_file(kept.path("batch"), trust=bytes(changed))
        assert not verdict.valid, place


def test_with_its_key_a_batch_is_verified_to_the_last_item(
    kept: Kept, scratch: Path
) -> None:
    """`--open-with`: raw or in base64; a wrong key is a verdict, nonsense is usage."""
    for key in (kept.batch_key, b64(kept.batch_key).encode()):
        scratch.write_bytes(key)
        trust = kept.folder / "trust.json"
        trust.write_bytes(kept.trust)
        code, said = command(
            kept, kept.path("batch"), "--trust", trust, "--open-with", scratch
        )
        assert (code, said["valid"], said["depth"]) == (0, True, "contents")
    verdict = judged(kept.path("batch"), kept, open_with=os.urandom(96))
    assert (verdict.valid, verdict.depth) == (False, "contents")


def test_with_its_key_a_submission_is_verified_to_the_last_entry(kept: Kept) -> None:
    """An auditor with the coordinator's key sees the whole journal hold together."""
    verdict = judged(kept.path("submission"), kept, open_with=kept.service_key)
    assert (verdict.valid, verdict.depth) == (True, "contents")
    other = judged(kept.path("submission"), kept, open_with=kept.batch_key)
    assert (other.valid, other.depth) == (False, "contents")


@pytest.mark.parametrize("data", [b"", b"x", b"RVB1\n", b"RVS1\n", b"{}", bytes(4096)])
def test_what_is_none_of_ours(kept: Kept, scratch: Path, data: bytes) -> None:
    """A verdict, never a crash."""
    scratch.write_bytes(data)
    verdict = judged(scratch, kept)
    assert not verdict.valid
    assert verdict.code is not None


def test_nothing_is_changed_by_verifying(kept: Kept) -> None:
    """The files are as they were, and so is the profile."""
    before = {path: sha256_hex(path.read_bytes()) for path in kept.folder.glob("k*")}
    for kind in KINDS:
        judged(kept.path(kind), kept)
    assert before == {path: sha256_hex(path.read_bytes()) for path in before}
