"""Rotating a credential: new values are tried before the swap, and the old ones stay for a while."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jackfield.catalog import Catalog
from jackfield.domain.catalogue import found
from jackfield.domain.credential import Credential
from jackfield.domain.credential_care import PREVIOUS, Check, CheckOutcome, Previous
from jackfield.domain.errors import Conflict
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller
from jackfield.domain.json_reader import Reading
from jackfield.domain.ports import Clock, SealPlace, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.rules.rotations import Rotation, check_rotation
from jackfield.services.credential_checks import CredentialCheckService, keep
from jackfield.services.credentials import existing_credential, open_field
from jackfield.services.mutations import Change, Mutations
from jackfield.services.outcome import Outcome, accepted


@dataclass(frozen=True, slots=True)
class Rotated:
    """A rotation that took place.

    Args:
        check: of the new values, before the swap.
        until: until when the old values can be taken back.
    """

    credential: Credential
    check: Check
    until: datetime


class RotationService:
    """Rotates credentials.

    Args:
        checks: tries new values.
        vault: seals and opens them.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        vault: Vault,
        catalog: Catalog,
        clock: Clock,
        checks: CredentialCheckService,
    ) -> None:
        self._store, self._mutations, self._vault = store, mutations, vault
        self._catalog, self._clock, self._checks = catalog, clock, checks

    async def rotate(self, caller: Caller, credential_id: str, body: Reading) -> Outcome[Rotated]:
        """Try new values and swap them in; the old ones stay sealed until they are confirmed or expire.

        Raises:
            NotFound: there is no such credential.
            Refused: the body is wrong.
            Conflict: the new values do not work, or nothing can be said and `untested` was not given.
        """
        old = await self._store.read(
            lambda transaction: existing_credential(transaction, caller, credential_id)
        )
        kind = self._catalog.credential_types.get(old.type_name)
        wanted = accepted(check_rotation(body, kind, tuple(old.sealed), strict=caller.strict))
        kept = {name: open_field(self._vault, old, name) for name in old.sealed}
        values = kept | wanted.value.fields
        check = await self._checks.check(old.type_name, values, wanted.value.url)
        _admit(check, wanted.value)

        def work(change: Change) -> Outcome[Rotated]:
            rotated = self._swap(change, old, values, check, wanted.value)
            return Outcome(rotated, wanted.warnings)

        return await self._mutations.run(caller, work)

    async def undo(self, caller: Caller, credential_id: str) -> Credential:
        """Put the values before the last rotation back.

        Raises:
            NotFound: there is no such credential.
            Conflict: nothing is kept any more.
        """

        def work(change: Change) -> Credential:
            now = existing_credential(change.transaction, caller, credential_id)
            previous = self._previous(change.transaction, now)
            if previous is None:
                raise Conflict(found("ROTATION_NOT_KEPT", Place("path/credentialId"), seen=credential_id))
            then = replace(
                now, version=previous.version, type_name=previous.type_name, sealed=previous.sealed
            )
            values = {name: open_field(self._vault, then, name) for name in previous.sealed}
            new = self._sealed(replace(now, type_name=previous.type_name, name=previous.name), values)
            self._store_new(change, now, new)
            change.transaction.documents.remove(now.organization_id, now.id, PREVIOUS)
            change.record("credential.rotation_undo", now.id, self._state(now), self._state(new, values))
            return new

        return await self._mutations.run(caller, work)

    async def confirm(self, caller: Caller, credential_id: str) -> None:
        """Forget the values before the last rotation.

        Raises:
            NotFound: there is no such credential.
            Conflict: nothing is kept any more.
        """

        def work(change: Change) -> None:
            now = existing_credential(change.transaction, caller, credential_id)
            if self._previous(change.transaction, now) is None:
                raise Conflict(found("ROTATION_NOT_KEPT", Place("path/credentialId"), seen=credential_id))
            change.transaction.documents.remove(now.organization_id, now.id, PREVIOUS)
            change.record("credential.rotation_confirm", now.id, {"undoable": True}, {"undoable": False})

        await self._mutations.run(caller, work)

    async def kept_until(self, caller: Caller, credential_id: str) -> datetime | None:
        """Return until when the last rotation can be undone; None if it cannot."""

        def work(transaction: Transaction) -> Previous | None:
            return self._previous(transaction, existing_credential(transaction, caller, credential_id))

        previous = await self._store.read(work)
        return previous.until if previous else None

    def _swap(
        self,
        change: Change,
        old: Credential,
        values: Mapping[str, Secret],
        check: Check,
        wanted: Rotation,
    ) -> Rotated:
        new = self._sealed(old, values)
        self._store_new(change, old, new)
        until = self._clock.now() + timedelta(hours=wanted.keep_hours)
        text = _written(Previous(old.version, old.type_name, old.name, old.sealed, until))
        change.transaction.documents.put(old.organization_id, old.id, PREVIOUS, text, until)
        kept = keep(change.transaction, new, replace(check, version=new.version))
        change.record("credential.rotate", old.id, self._state(old), self._state(new, wanted.fields))
        return Rotated(new, kept, until)

    def _sealed(self, old: Credential, values: Mapping[str, Secret]) -> Credential:
        version = old.version + 1
        sealed = {
            name: self._vault.seal(secret, SealPlace(old.organization_id, old.id, name, version))
            for name, secret in values.items()
        }
        return replace(old, version=version, sealed=sealed, modified=self._clock.now())

    def _store_new(self, change: Change, old: Credential, new: Credential) -> None:
        if not change.transaction.credentials.replace(new, expected_version=old.version):
            raise Conflict(found("VERSION_MOVED", noun="credential", sent=old.version))

    def _previous(self, transaction: Transaction, credential: Credential) -> Previous | None:
        """Return what is kept of the values before the last rotation, if it still may be given back."""
        text = transaction.documents.get(credential.organization_id, credential.id, PREVIOUS)
        if text is None:
            return None
        previous = _read(text)
        # A PUT after the rotation has replaced everything: what was before the rotation is history.
        fresh = previous.version == credential.version - 1 and previous.until > self._clock.now()
        return previous if fresh else None

    def _state(self, credential: Credential, values: Mapping[str, Secret] | None = None) -> dict[str, object]:
        state: dict[str, object] = {
            "name": credential.name,
            "type": credential.type_name,
            "version": credential.version,
            "fields": sorted(credential.sealed),
        }
        if values:
            state["fingerprints"] = {name: self._vault.fingerprint(secret) for name, secret in values.items()}
        return state


def _admit(check: Check, wanted: Rotation) -> None:
    place = Place("/credentialFields")
    if check.outcome is CheckOutcome.FAILING:
        raise Conflict(found("ROTATION_FAILED", place, what=check.what or "the check", reason=check.reason))
    if check.outcome is CheckOutcome.UNDECIDED and not wanted.untested:
        raise Conflict(found("ROTATION_UNTESTED", place, reason=check.reason))


def _written(previous: Previous) -> str:
    sealed = {name: base64.b64encode(value).decode() for name, value in previous.sealed.items()}
    return json.dumps(
        {
            "version": previous.version,
            "typeName": previous.type_name,
            "name": previous.name,
            "sealed": sealed,
            "until": previous.until.isoformat(),
        }
    )


def _read(text: str) -> Previous:
    kept: dict[str, Any] = json.loads(text)
    return Previous(
        kept["version"],
        kept["typeName"],
        kept["name"],
        {name: base64.b64decode(value) for name, value in kept["sealed"].items()},
        datetime.fromisoformat(kept["until"]),
    )
