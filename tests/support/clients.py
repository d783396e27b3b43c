"""OAuth clients with fewer permissions than the first one, put into a stopped server's data directory."""

from __future__ import annotations

import asyncio
import secrets
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path

from jackfield.domain.identity import OAuthClient, Role
from jackfield.domain.ports import Transaction
from jackfield.store import open_store
from jackfield.vault import open_vault


def add_clients(data_dir: Path, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    """Add clients with exactly these permissions.

    Args:
        data_dir: of a server that was started once and is not running.
        wanted: client name to permissions.

    Returns:
        Client name to its id and secret.
    """
    return asyncio.run(_add(data_dir, wanted))


async def _add(data_dir: Path, wanted: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, str]]:
    store = open_store(f"sqlite:///{data_dir / 'jackfield.db'}")
    try:
        keys = await store.read(lambda transaction: transaction.keyring.all())
        vault = open_vault(data_dir / "master.key", keys, now=datetime.now(UTC)).vault
        made = {name: (str(uuid.uuid4()), secrets.token_urlsafe(32)) for name in wanted}

        def work(transaction: Transaction) -> None:
            organization = transaction.identities.organization()
            assert organization is not None
            for name, (client_id, secret) in made.items():
                role = Role(str(uuid.uuid4()), organization.id, name, wanted[name])
                transaction.identities.add_role(role)
                transaction.identities.add_client(
                    OAuthClient(
                        id=client_id,
                        organization_id=organization.id,
                        name=name,
                        secret_digest=vault.digest_token(secret),
                        grant="CLIENT-CREDENTIALS",
                        role_ids=(role.id,),
                        token_seconds=3600,
                        created=datetime.now(UTC),
                    )
                )

        await store.write(work)
    finally:
        store.close()
    return made
