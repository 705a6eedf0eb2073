"""Requests: the very bytes of our RFC 9421 profile, so that others can build them."""

from __future__ import annotations

import base64

import pytest

from reviewer.crypto.signing import SigningKey
from reviewer.errors import Code, VerificationError
from reviewer.formats.requests import sign_request, verify_request

KEY = SigningKey.from_seed(bytes(range(32)))
URL = "https://coordinator.example/v1/submissions/ab"
PARAMETERS = (
    '("@method" "@target-uri" "content-digest" "upload-offset" "upload-length")'
    f';created=1795286762;keyid="{KEY.key_id}";alg="ed25519"'
    ';nonce="0123456789abcdef";tag="reviewer-v1draft"'
)
BASE = (
    '"@method": PATCH\n'
    f'"@target-uri": {URL}\n'
    '"content-digest": sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:\n'
    '"upload-offset": 0\n'
    '"upload-length": 3\n'
    f'"@signature-params": {PARAMETERS}'
)


def signed() -> dict[str, str]:
    return sign_request(
        KEY,
        method="PATCH",
        url=URL,
        headers={"upload-offset": "0", "upload-length": "3"},
        body=b"abc",
        created_s=1_795_286_762,
        nonce="0123456789abcdef",
    )


def test_the_signature_base() -> None:
    """The signature is over exactly this text, which anyone can put together."""
    headers = signed()
    assert headers["Signature-Input"] == f"rv={PARAMETERS}"
    signature = base64.b64decode(headers["Signature"].removeprefix("rv=:")[:-1])
    KEY.verifying_key.verify(signature, BASE.encode())


def test_round_trip() -> None:
    """What one end signs the other believes, and names the device."""
    verified = verify_request(
        method="PATCH",
        url=URL,
        headers=list(signed().items()),
        body=b"abc",
        resolve=lambda _: KEY.verifying_key,
        now_s=1_795_286_800,
    )
    assert (verified.device, verified.nonce) == (KEY.key_id, "0123456789abcdef")


def test_unknown_component() -> None:
    """A signature that covers what it cannot is refused as false."""
    headers = signed()
    headers["Signature-Input"] = headers["Signature-Input"].replace(
        '"@method"', '"@status"'
    )
    with pytest.raises(VerificationError) as caught:
        verify_request(
            method="PATCH",
            url=URL,
            headers=list(headers.items()),
            body=b"abc",
            resolve=lambda _: KEY.verifying_key,
            now_s=1_795_286_800,
        )
    assert caught.value.code is Code.SIGNATURE_INVALID
