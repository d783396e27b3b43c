"""Credentials: create, read, replace, delete. Secrets go in and never come back."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from jackfield.catalog import Catalog
from jackfield.domain.catalogue import found
from jackfield.domain.credential import Credential, NewCredential
from jackfield.domain.errors import Conflict, NotFound
from jackfield.domain.finding import Finding, Place
from jackfield.domain.identity import Caller
from jackfield.domain.integration import Integration
from jackfield.domain.json_reader import Reading
from jackfield.domain.page import CursorPage, CursorRequest, Page, PageRequest
from jackfield.domain.ports import Clock, Ids, SealPlace, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.rules.credentials import check_credential
from jackfield.services.auth_actions import settle_auth_action
from jackfield.services.dependents import in_words, uses_of
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted, admit
from jackfield.services.standing import restate


@dataclass(frozen=True, slots=True)
class CredentialView:
    """A credential and those of its fields that may be shown."""

    credential: Credential
    visible: Mapping[str, str]


class CredentialService:
    """What can be done with credentials.

    Args:
        store: durable store for reads.
        mutations: the way to change it.
        vault: seals and opens fields.
        catalog: credential types.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        vault: Vault,
        catalog: Catalog,
        clock: Clock,
        ids: Ids,
        manners: Manners = PROMPT,
    ) -> None:
        self._store, self._mutations, self._vault = store, mutations, vault
        self._catalog, self._clock, self._ids, self._manners = catalog, clock, ids, manners

    async def create(self, caller: Caller, body: Reading) -> Outcome[Credential]:
        """Store a new credential.

        Raises:
            Refused: the body is not a credential of a known type.
        """
        wanted = accepted(check_credential(body, self._catalog, strict=caller.strict))

        def work(change: Change) -> Outcome[Credential]:
            now = self._clock.now()
            credential = self._sealed(caller.organization_id, self._ids.uuid(), 1, wanted.value)
            credential = replace(credential, created=now, modified=now)
            change.transaction.credentials.add(credential)
            change.record("credential.create", credential.id, None, self._audited(credential, wanted.value))
            return Outcome(credential, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def replace(self, caller: Caller, credential_id: str, body: Reading) -> Outcome[Credential]:
        """Replace a credential's name, type and fields.

        Raises:
            NotFound: there is no such credential.
            Refused: the body is wrong, or an integration's slot does not take the new type.
        """
        wanted = accepted(check_credential(body, self._catalog, strict=caller.strict))

        def work(change: Change) -> Outcome[Credential]:
            old = existing_credential(change.transaction, caller, credential_id)
            users = change.transaction.integrations.using_credential(caller.organization_id, credential_id)
            warnings = admit(
                self._type_findings(change.transaction, old, wanted.value.type_name, users),
                strict=caller.strict,
            )
            new = self._sealed(caller.organization_id, credential_id, old.version + 1, wanted.value)
            new = replace(new, created=old.created, modified=self._clock.now())
            if not change.transaction.credentials.replace(new, expected_version=old.version):
                raise Conflict(found("VERSION_MOVED", noun="credential", sent=old.version))
            restate(change.transaction, users, self._catalog)
            change.record(
                "credential.replace", credential_id, self._state(old), self._audited(new, wanted.value)
            )
            if new.type_name != old.type_name:
                for user in users:
                    kind = self._catalog.integration_types.get(user.type_id)
                    settle_auth_action(change, user, kind, (new.type_name,), self._clock)
            return Outcome(new, wanted.warnings + warnings)

        return await self._mutations.run(caller, work)

    async def get(self, caller: Caller, credential_id: str) -> CredentialView:
        """Return a credential with the fields that are not sensitive.

        Raises:
            NotFound: there is no such credential.
        """
        credential = await self._store.read(
            lambda transaction: existing_credential(transaction, caller, credential_id)
        )
        return CredentialView(credential, self._visible(credential))

    async def list(self, caller: Caller, window: PageRequest) -> Page[Credential]:
        """Return one page by number."""
        shown = replace(window, until=self._manners.listed_until())
        return await self._store.read(
            lambda transaction: transaction.credentials.page(caller.organization_id, shown)
        )

    async def listing(self, caller: Caller, window: CursorRequest) -> Outcome[CursorPage[Credential]]:
        """Return one page by cursor; warn (strict: refuse) if the cursor names nothing.

        The page is empty then: a client that loops until it gets none comes to an end.
        """
        shown = replace(window, until=self._manners.listed_until())
        page = await self._store.read(
            lambda transaction: transaction.credentials.cursor(caller.organization_id, shown)
        )
        if page.known:
            return Outcome(page)
        name, sent = ("after", window.after) if window.after else ("before", window.before)
        unknown = found("CURSOR_UNKNOWN", Place(f"query/{name}"), seen=sent[:100], name=name)
        return Outcome(page, admit((unknown,), strict=caller.strict))

    async def delete(self, caller: Caller, credential_id: str) -> Outcome[None]:
        """Delete a credential; warn (strict: refuse) if integrations use it.

        Raises:
            NotFound: there is no such credential.
        """

        def work(change: Change) -> Outcome[None]:
            old = existing_credential(change.transaction, caller, credential_id)
            users = change.transaction.integrations.using_credential(caller.organization_id, credential_id)
            in_use: tuple[Finding, ...] = ()
            if users:
                affected = in_words(uses_of(change.transaction, users, credential_id))
                in_use = (found("CREDENTIAL_IN_USE", count=len(users), users=affected),)
            warnings = admit(in_use, strict=caller.strict)
            change.transaction.credentials.remove(caller.organization_id, credential_id)
            restate(change.transaction, users, self._catalog)
            change.record("credential.delete", credential_id, self._state(old), None)
            return Outcome(None, warnings)

        return await self._mutations.run(caller, work)

    def _sealed(
        self, organization_id: str, credential_id: str, version: int, wanted: NewCredential
    ) -> Credential:
        sealed = {
            name: self._vault.seal(secret, SealPlace(organization_id, credential_id, name, version))
            for name, secret in wanted.fields.items()
        }
        now = self._clock.now()
        return Credential(
            id=credential_id,
            organization_id=organization_id,
            name=wanted.name,
            type_name=wanted.type_name,
            version=version,
            created=now,
            modified=now,
            sealed=sealed,
        )

    def _visible(self, credential: Credential) -> Mapping[str, str]:
        kind = self._catalog.credential_types.get(credential.type_name)
        if kind is None:
            return {}
        return {
            name: open_field(self._vault, credential, name).reveal()
            for name in credential.sealed
            if not kind.is_sensitive(name)
        }

    def _type_findings(
        self, transaction: Transaction, old: Credential, new_type: str, users: Sequence[Integration]
    ) -> tuple[Finding, ...]:
        if new_type == old.type_name or not users:
            return ()
        changed = found(
            "TYPE_CHANGED_UNDER_USE",
            Place("/type"),
            before=old.type_name,
            after=new_type,
            users=in_words(uses_of(transaction, users, old.id)),
        )
        return (changed, *(finding for user in users for finding in self._misfits(user, old.id, new_type)))

    def _misfits(self, user: Integration, credential_id: str, new_type: str) -> Iterator[Finding]:
        kind = self._catalog.integration_types.get(user.type_id)
        for slot_name, attached in user.configuration.credentials.items():
            slot = kind.slots.get(slot_name) if kind else None
            if attached == credential_id and slot is not None and new_type not in slot.credential_types:
                yield found(
                    "SLOT_NO_LONGER_FITS",
                    Place("/type"),
                    seen=new_type,
                    slot=slot_name,
                    user=user.name,
                    after=new_type,
                    accepted_types=" or ".join(slot.credential_types),
                )

    def _audited(self, credential: Credential, wanted: NewCredential) -> dict[str, object]:
        state = self._state(credential)
        state["fingerprints"] = {
            name: self._vault.fingerprint(secret) for name, secret in wanted.fields.items()
        }
        return state

    def _state(self, credential: Credential) -> dict[str, object]:
        return {
            "name": credential.name,
            "type": credential.type_name,
            "version": credential.version,
            "fields": sorted(credential.sealed),
        }


def existing_credential(transaction: Transaction, caller: Caller, credential_id: str) -> Credential:
    """Return a credential of the caller's organization.

    Raises:
        NotFound: there is no such credential.
    """
    credential = transaction.credentials.get(caller.organization_id, credential_id)
    if credential is None:
        place = Place("path/credentialId")
        raise NotFound(found("CREDENTIAL_NOT_FOUND", place, seen=credential_id, entity_id=credential_id))
    return credential


def open_field(vault: Vault, credential: Credential, name: str) -> Secret:
    """Open one sealed field of a credential."""
    return vault.open(credential.sealed[name], _place(credential, name))


def openers(vault: Vault, credential: Credential) -> dict[str, Callable[[], Secret]]:
    """Return what opens each sealed field of a credential, anew with every call."""
    return {
        name: vault.opener(sealed, _place(credential, name)) for name, sealed in credential.sealed.items()
    }


def _place(credential: Credential, name: str) -> SealPlace:
    return SealPlace(credential.organization_id, credential.id, name, credential.version)
