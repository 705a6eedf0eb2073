"""`reviewer doctor` with a passphrase: judged by what the organisation accepts."""

from __future__ import annotations

from pathlib import Path

import pytest

from reviewer.cli import doctor, parser
from reviewer.errors import Code, RefusedError
from tests.fakes.desk import PASSPHRASE, make_desk


def test_the_organisations_values_come_out_of_the_profile(tmp_path: Path) -> None:
    """The profile is unlocked for its newest config, and locked again."""
    desk = make_desk(tmp_path / "desk")
    session = desk.enrol()
    expected = session.config()
    session.lock()
    secret = tmp_path / "passphrase"
    secret.write_text(PASSPHRASE + "\n", encoding="utf-8")
    args = parser.build().parse_args(["doctor", "--passphrase-file", str(secret)])
    assert doctor.config_of(args, desk.door()) == expected
    secret.write_text("not the passphrase at all\n", encoding="utf-8")
    with pytest.raises(RefusedError) as refused:
        doctor.config_of(args, desk.door())
    assert refused.value.code is Code.PASSPHRASE_WRONG
