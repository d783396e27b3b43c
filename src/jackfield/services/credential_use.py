"""Who uses a credential, and which credentials nobody uses."""

from __future__ import annotations

from jackfield.domain.credential import Credential
from jackfield.domain.credential_care import Use
from jackfield.domain.identity import Caller
from jackfield.domain.page import Page, PageRequest
from jackfield.domain.ports import Store, Transaction
from jackfield.services.credentials import existing_credential
from jackfield.services.dependents import uses_of


class CredentialUseService:
    """Looks credentials up in the configurations that name them.

    Args:
        store: read only.
    """

    def __init__(self, store: Store) -> None:
        self._store = store

    async def uses(self, caller: Caller, credential_id: str) -> tuple[Credential, tuple[Use, ...]]:
        """Return a credential and every integration that uses it.

        Raises:
            NotFound: there is no such credential.
        """

        def work(transaction: Transaction) -> tuple[Credential, tuple[Use, ...]]:
            credential = existing_credential(transaction, caller, credential_id)
            users = transaction.integrations.using_credential(caller.organization_id, credential_id)
            return credential, uses_of(transaction, users, credential_id)

        return await self._store.read(work)

    async def orphans(self, caller: Caller, window: PageRequest) -> Page[Credential]:
        """Return one page of the credentials that no integration uses, in the order of creation."""
        return await self._store.read(
            lambda transaction: transaction.credentials.unused(caller.organization_id, window)
        )
