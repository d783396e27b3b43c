"""The certificates of outgoing calls: what they trust and what they present."""

from __future__ import annotations

import asyncio

from jackfield.engine.egress.tls import TlsFiles
from jackfield.engine.egress.trust import TrustedCertificate, trusted_certificates


class CertificateService:
    """Shows certificates. Reads files, so it does so in a thread.

    Args:
        tls: what outgoing connections trust and present.
    """

    def __init__(self, tls: TlsFiles) -> None:
        self._tls = tls

    async def trusted(self) -> tuple[TrustedCertificate, ...]:
        """Return the authorities that the calls of all integrations trust."""
        return await asyncio.to_thread(lambda: trusted_certificates(self._tls.context("")))

    async def presented(self) -> tuple[str, ...]:
        """Return the client certificates that calls present now, as PEM text: one or none."""
        return await asyncio.to_thread(self._tls.presented)
