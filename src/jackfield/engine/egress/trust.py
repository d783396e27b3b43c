"""The certificates that outgoing connections trust, as they can be shown."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from typing import Final

_LONG_FORM: Final = 0x80
_SHORT: Final = {
    "commonName": "CN",
    "organizationalUnitName": "OU",
    "organizationName": "O",
    "localityName": "L",
    "stateOrProvinceName": "ST",
    "countryName": "C",
}


@dataclass(frozen=True, slots=True)
class TrustedCertificate:
    """One certificate authority.

    Args:
        description: its subject, such as `CN=Example Root, O=Example, C=US`.
        serial_number: hexadecimal.
        signature: the certificate's signature value, hexadecimal.
    """

    description: str
    serial_number: str
    signature: str


def trusted_certificates(context: ssl.SSLContext) -> tuple[TrustedCertificate, ...]:
    """Return the authorities that a context trusts, by description."""
    pairs = zip(context.get_ca_certs(), context.get_ca_certs(binary_form=True), strict=True)
    shown = (
        TrustedCertificate(
            description=_description(fields.get("subject", ())),
            serial_number=str(fields.get("serialNumber", "")),
            signature=signature_of(encoded).hex(),
        )
        for fields, encoded in pairs
    )
    return tuple(sorted(shown, key=lambda one: (one.description, one.serial_number)))


def _description(subject: object) -> str:
    """Return a distinguished name, most specific part first."""
    parts = [pair for group in subject for pair in group] if isinstance(subject, tuple) else []
    return ", ".join(f"{_SHORT.get(name, name)}={value}" for name, value in reversed(parts))


def signature_of(certificate: bytes) -> bytes:
    """Return the signature value of a DER certificate: the last of its three parts (RFC 5280, 4.1).

    Raises:
        ValueError: the bytes are cut off.
    """
    at, _ = _content(certificate, 0)
    for _part in ("tbsCertificate", "signatureAlgorithm"):
        _, at = _content(certificate, at)
    start, end = _content(certificate, at)
    # The first octet of a bit string says how many bits of the last one are unused.
    return certificate[start + 1 : end]


def _content(encoded: bytes, at: int) -> tuple[int, int]:
    """Return where the content of the DER value at a place begins and ends."""
    if at + 2 > len(encoded):
        raise ValueError("the certificate is cut off")
    length, start = encoded[at + 1], at + 2
    if length & _LONG_FORM:
        width = length & ~_LONG_FORM
        length, start = int.from_bytes(encoded[start : start + width]), start + width
    if start + length > len(encoded):
        raise ValueError("the certificate is cut off")
    return start, start + length
