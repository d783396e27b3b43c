"""The certificates that outgoing calls trust."""

from __future__ import annotations

import asyncio

from jackfield.engine.egress.trust import TrustedCertificate, trusted_certificates


async def read_truststore() -> tuple[TrustedCertificate, ...]:
    """Return the authorities that outgoing calls trust; reads files, so it does so in a thread."""
    return await asyncio.to_thread(trusted_certificates)
