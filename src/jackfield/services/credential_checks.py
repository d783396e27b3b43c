"""Checking whether a credential still works, by the most harmless request that its type allows."""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from jackfield.domain.credential import Credential
from jackfield.domain.credential_care import Check, CheckOutcome
from jackfield.domain.errors import JackfieldError
from jackfield.domain.identity import Caller
from jackfield.domain.ports import Clock, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.engine.probe import Probe, ProbeFailed
from jackfield.services.credentials import existing_credential, open_field

KIND = "check"
TOKEN_PATH = "/oauth/token"
_ARN = re.compile(r"arn:aws[\w-]*:[\w-]+:[\w-]*:\d*:.+")
Values = Mapping[str, Secret]


class Platform(Protocol):
    """The platform whose OAuth clients `pureCloudOAuthClient` credentials are: this server."""

    async def token_for_client(self, client_id: str, secret: Secret) -> object:
        """Issue a token; raise if client or secret are wrong."""


@dataclass(frozen=True, slots=True)
class _Finding:
    outcome: CheckOutcome
    what: str
    reason: str


class CredentialCheckService:
    """Checks credentials and remembers what came of it.

    Args:
        store: where the last check of each credential is kept.
        vault: opens fields for the check only.
        probe: sends the check's request, under the guard of data actions.
        platform: for clients of this very server.
    """

    def __init__(self, store: Store, vault: Vault, probe: Probe, platform: Platform, clock: Clock) -> None:
        self._store, self._vault, self._probe = store, vault, probe
        self._platform, self._clock = platform, clock

    async def verify(self, caller: Caller, credential_id: str, url: str = "") -> Check:
        """Check a stored credential and keep the result.

        Args:
            url: what to call with it, where the type alone does not tell; of a platform its address.

        Raises:
            NotFound: there is no such credential.
        """
        credential = await self._store.read(
            lambda transaction: existing_credential(transaction, caller, credential_id)
        )
        values = {name: open_field(self._vault, credential, name) for name in credential.sealed}
        check = await self.check(credential.type_name, values, url)
        check = replace(check, version=credential.version)
        return await self._store.write(lambda transaction: keep(transaction, credential, check))

    async def check(self, type_name: str, values: Values, url: str) -> Check:
        """Check values that need not be stored; the result is not kept."""
        try:
            found = await self._found(type_name, values, url)
        except ProbeFailed as failure:
            found = _Finding(CheckOutcome.UNDECIDED, _shown(url), f"no reply: {failure}")
        return Check(found.outcome, found.what, found.reason, self._clock.now(), version=0)

    async def last(self, caller: Caller, credential_id: str) -> Check | None:
        """Return the last check of a credential, None if it was never checked."""
        text = await self._store.read(
            lambda transaction: transaction.documents.get(caller.organization_id, credential_id, KIND)
        )
        return _read(text) if text else None

    async def _found(self, type_name: str, values: Values, url: str) -> _Finding:
        if type_name == "basicAuth":
            return await self._basic(values, url)
        if type_name == "pureCloudOAuthClient":
            return await self._client(values, url)
        if type_name == "userDefinedOAuth":
            return await self._login(values, url)
        if type_name == "amazonWebServicesARN":
            return _arn(values)
        return _undecided(
            f"nothing is known that a `{type_name}` credential could be tried on without doing anything:"
            " run a data action in test mode"
        )

    async def _basic(self, values: Values, url: str) -> _Finding:
        if not url:
            return _undecided("Basic credentials can only be tried on a URL; none was given")
        pair = f"{_text(values, 'userName')}:{_text(values, 'password')}"
        authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
        reply = await self._probe.send("GET", url, {"Authorization": authorization, "Accept": "*/*"})
        return _judged(reply.status, f"GET {_shown(url)}")

    async def _client(self, values: Values, url: str) -> _Finding:
        client_id, secret = _text(values, "clientId"), _text(values, "clientSecret")
        if url:
            return await self._token(url.rstrip("/") + TOKEN_PATH, client_id, secret)
        what = f"POST {TOKEN_PATH} of this server"
        try:
            await self._platform.token_for_client(client_id, Secret(secret))
        except JackfieldError as refused:
            return _Finding(CheckOutcome.FAILING, what, refused.message)
        return _Finding(CheckOutcome.VERIFIED, what, "a token was issued")

    async def _login(self, values: Values, url: str) -> _Finding:
        where = url or _text(values, "loginUrl")
        if not where:
            return _undecided("no `loginUrl` among the fields, and no URL was given")
        if "clientId" not in values or "clientSecret" not in values:
            return _undecided(
                "the fields are not `clientId` and `clientSecret`; only the auth action knows them"
            )
        return await self._token(where, _text(values, "clientId"), _text(values, "clientSecret"))

    async def _token(self, url: str, client_id: str, secret: str) -> _Finding:
        pair = base64.b64encode(f"{client_id}:{secret}".encode()).decode()
        headers = {
            "Authorization": f"Basic {pair}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Accept": "application/json",
        }
        body = urlencode({"grant_type": "client_credentials"}).encode()
        reply = await self._probe.send("POST", url, headers, body)
        what = f"POST {_shown(url)} grant_type=client_credentials"
        if reply.status == 400:
            # OAuth servers answer a wrong client with 400 or 401.
            return _Finding(CheckOutcome.FAILING, what, "status 400")
        return _judged(reply.status, what)


def keep(transaction: Transaction, credential: Credential, check: Check) -> Check:
    """Keep a check; return it with the time since when the credential fails."""
    before = transaction.documents.get(credential.organization_id, credential.id, KIND)
    if check.outcome is CheckOutcome.FAILING:
        last = _read(before) if before else None
        check = replace(check, since=last.since if last and last.since else check.at)
    text = json.dumps(
        {
            "outcome": check.outcome,
            "what": check.what,
            "reason": check.reason,
            "at": check.at.isoformat(),
            "version": check.version,
            "since": check.since.isoformat() if check.since else None,
        }
    )
    transaction.documents.put(credential.organization_id, credential.id, KIND, text, check.at)
    return check


def _read(text: str) -> Check:
    kept: dict[str, Any] = json.loads(text)
    since = kept["since"]
    return Check(
        CheckOutcome(kept["outcome"]),
        kept["what"],
        kept["reason"],
        datetime.fromisoformat(kept["at"]),
        kept["version"],
        datetime.fromisoformat(since) if since else None,
    )


def _judged(status: int, what: str) -> _Finding:
    if 200 <= status < 400:
        return _Finding(CheckOutcome.VERIFIED, what, f"status {status}")
    if status in (401, 403):
        return _Finding(CheckOutcome.FAILING, what, f"status {status}")
    return _Finding(
        CheckOutcome.UNDECIDED, what, f"status {status} says nothing about the credential; try another URL"
    )


def _undecided(reason: str) -> _Finding:
    return _Finding(CheckOutcome.UNDECIDED, "", reason)


def _arn(values: Values) -> _Finding:
    if _ARN.fullmatch(_text(values, "ARN")):
        return _undecided("the ARN is well formed; whether the role may be assumed only AWS knows")
    return _Finding(CheckOutcome.FAILING, "", "the ARN is not of the form arn:aws:iam::<account>:role/<name>")


def _text(values: Values, name: str) -> str:
    return values[name].reveal() if name in values else ""


def _shown(url: str) -> str:
    """Return a URL without what may be secret in it."""
    return url.partition("?")[0][:200]
