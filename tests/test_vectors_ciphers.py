"""AES-GCM of ``cryptography`` against Wycheproof, in the form that sealing uses."""

from typing import Any

import pytest
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from tests.vectors import read

NONCE_BITS, TAG_BITS = 96, 128
CASES = [
    test
    for group in read("wycheproof/aes_gcm_test.json")["testGroups"]
    if (group["ivSize"], group["tagSize"]) == (NONCE_BITS, TAG_BITS)
    for test in group["tests"]
]


@pytest.mark.parametrize("case", CASES, ids=[str(case["tcId"]) for case in CASES])
def test_wycheproof_aes_gcm(case: dict[str, Any]) -> None:
    key, nonce, data, text = (bytes.fromhex(case[name]) for name in ("key", "iv", "aad", "msg"))
    sealed = bytes.fromhex(case["ct"] + case["tag"])
    if case["result"] == "valid":
        assert AESGCM(key).encrypt(nonce, text, data) == sealed
        assert AESGCM(key).decrypt(nonce, sealed, data) == text
    else:
        with pytest.raises(InvalidTag):
            AESGCM(key).decrypt(nonce, sealed, data)
