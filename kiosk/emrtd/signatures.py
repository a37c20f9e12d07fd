"""Verifying the signatures of SODs and certificates. ICAO Doc 9303-12 §4.1.6: RSA PKCS#1 v1.5, RSA-PSS, ECDSA."""

from __future__ import annotations

from typing import Any

from asn1crypto import algos
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa

from kiosk.emrtd.der import reading_der
from kiosk.emrtd.public_keys import PublicKey
from kiosk.errors import DerInvalid

HASHES: dict[str, hashes.HashAlgorithm] = {
    "sha224": hashes.SHA224(),
    "sha256": hashes.SHA256(),
    "sha384": hashes.SHA384(),
    "sha512": hashes.SHA512(),
}
"""SHA-1 is left out: its collisions are affordable, and no Vietnamese card was issued in its time."""

_MAX_SALT_LENGTH = 512
"""More than any key holds; `cryptography` overflows on what a hostile certificate may say."""


class UnusableAlgorithm(DerInvalid):
    """A signature or hash algorithm that is not taken; the text names it."""


def hash_named(name: str) -> hashes.HashAlgorithm:
    """A hash by asn1crypto's name. Raises: UnusableAlgorithm."""
    if name not in HASHES:
        raise UnusableAlgorithm(f"hash {name}")
    return HASHES[name]


def digest(name: str, data: bytes) -> bytes:
    """The hash of `data`. Raises: UnusableAlgorithm."""
    context = hashes.Hash(hash_named(name))
    context.update(data)
    return context.finalize()


def is_valid(
    key: PublicKey,
    algorithm: algos.SignedDigestAlgorithm,
    signature: bytes,
    message: bytes,
    hash_hint: str | None = None,
) -> bool:
    """Whether `signature` over `message` is `key`'s; `hash_hint` serves algorithm identifiers that name no hash.

    Raises: DerInvalid, UnusableAlgorithm.
    """
    with reading_der("signature algorithm"):
        kind = algorithm.signature_algo
        parameters = algorithm["parameters"]
        hash_name = hash_hint if kind != "rsassa_pss" and not _names_hash(algorithm) else algorithm.hash_algo
    return _verify(key, kind, hash_named(hash_name or "none"), parameters, signature, message)


def _names_hash(algorithm: Any) -> bool:
    return algorithm["algorithm"].native not in ("rsassa_pkcs1v15", "ecdsa")


def _verify(
    key: PublicKey, kind: str, hashing: hashes.HashAlgorithm, parameters: Any, signature: bytes, message: bytes
) -> bool:
    try:
        if kind == "ecdsa" and isinstance(key, ec.EllipticCurvePublicKey):
            key.verify(signature, message, ec.ECDSA(hashing))
        elif kind == "rsassa_pkcs1v15" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashing)
        elif kind == "rsassa_pss" and isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, _pss(parameters), hashing)
        else:
            raise UnusableAlgorithm(f"signature {kind}")
    except InvalidSignature:
        return False
    return True


def _pss(parameters: Any) -> padding.PSS:
    with reading_der("RSASSA-PSS parameters"):
        mask_hash = parameters["mask_gen_algorithm"]["parameters"]["algorithm"].native
        salt_length = parameters["salt_length"].native
    if not 0 <= salt_length <= _MAX_SALT_LENGTH:
        raise UnusableAlgorithm("RSASSA-PSS salt length")
    return padding.PSS(padding.MGF1(hash_named(mask_hash)), salt_length)
