"""Logins of people: the code grant with PKCE, the implicit grant, renewal, and the end of tokens.

RFC 6749 with the advice of RFC 9700: codes and refresh tokens work once, a second use ends the whole login,
redirect URIs are compared character by character, and only S256 is taken for PKCE.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import NotFound, Refused
from jackfield.domain.finding import Finding, Place
from jackfield.domain.grants import AuthorizationCode, RefreshToken
from jackfield.domain.identity import AccessToken, Caller, OAuthClient, User
from jackfield.domain.ports import Clock, Ids, Store, Transaction, Vault
from jackfield.domain.secret import Secret
from jackfield.rules.authorization import CODE, Login, check_login
from jackfield.services.identity import IdentityService, IssuedToken
from jackfield.services.mutations import Change, Mutations
from jackfield.services.throttle import Throttle

CODE_SECONDS: Final = 120
REFRESH_DAYS: Final = 30
# Each check of a password takes 64 MiB and some 50 ms of a processor on purpose.
PASSWORD_CHECKS: Final = 2
# More than these at a time are turned away, so that a flood of guesses cannot hold up a login for long.
WAITING_CHECKS: Final = 40
LONGEST_PASSWORD: Final = 1_024


@dataclass(frozen=True, slots=True)
class ClientProof:
    """How the client of a token request proves itself; no secret for one that has PKCE instead."""

    client_id: str
    secret: Secret | None
    address: str = ""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a login hands over: a code, or with the implicit grant a token."""

    login: Login
    code: Secret | None = None
    token: IssuedToken | None = None


class GrantService:
    """Lets people log in, and gives clients what they need to act for them.

    Args:
        store: codes, refresh tokens, users.
        mutations: the way in which tokens are ended.
        vault: digests, password hashes, PKCE.
        identity: issues access tokens.
        throttle: slows down whoever guesses.
        implicit: whether the implicit grant is switched on.
    """

    def __init__(
        self,
        store: Store,
        mutations: Mutations,
        vault: Vault,
        identity: IdentityService,
        clock: Clock,
        ids: Ids,
        throttle: Throttle,
        *,
        implicit: bool,
    ) -> None:
        self._store, self._mutations, self._vault, self._identity = store, mutations, vault, identity
        self._clock, self._ids, self._throttle, self._implicit = clock, ids, throttle, implicit
        self._waiting = 0
        self._password_checks = asyncio.Semaphore(PASSWORD_CHECKS)
        # A person who does not exist is checked against this, so that the time tells nothing.
        self._nobody: str | None = None

    async def offer(self, asked: Mapping[str, str]) -> Login:
        """Tell whether a login may be offered.

        Args:
            asked: the query of the login page.

        Raises:
            Refused: client or redirect URI are not to be trusted.
            SentBack: something else is wrong.
        """
        client_id = asked.get("client_id", "")
        client = await self._store.read(lambda transaction: transaction.identities.client(client_id))
        return check_login(asked, client, implicit=self._implicit)

    async def may_lead_to(self, client_id: str, redirect_uri: str) -> bool:
        """Tell if an address is registered for a client."""
        client = await self._store.read(lambda transaction: transaction.identities.client(client_id))
        return client is not None and redirect_uri in client.redirect_uris

    async def log_in(self, asked: Mapping[str, str], email: str, password: Secret, address: str) -> Granted:
        """Log somebody in.

        Args:
            asked: the query of the login page.
            address: where the attempt comes from.

        Raises:
            Refused: wrong address or password, or too many attempts; also what `offer` raises.
            SentBack: as `offer`.
        """
        login = await self.offer(asked)
        user = await self._known_user(email, password, address)
        family = self._ids.token(16)
        if login.implicit:
            issued = await self._store.write(
                lambda transaction: self._identity.issue(
                    transaction, login.client, user.id, login.scopes, family
                )
            )
            return Granted(login, token=issued)
        code = Secret(self._ids.token(32))
        record = AuthorizationCode(
            digest=self._vault.digest_token(code.reveal()),
            organization_id=login.client.organization_id,
            client_id=login.client.id,
            user_id=user.id,
            redirect_uri=login.redirect_uri,
            challenge=login.challenge,
            scopes=login.scopes,
            family=family,
            expires=self._clock.now() + timedelta(seconds=CODE_SECONDS),
        )
        await self._store.write(lambda transaction: transaction.grants.add_code(record))
        return Granted(login, code=code)

    async def exchange(self, proof: ClientProof, code: str, redirect_uri: str, verifier: str) -> IssuedToken:
        """Give the tokens of a login for its code.

        Raises:
            Refused: code, redirect URI, verifier or client are not those of the login.
        """
        client = await self._proven(proof)
        digest = self._vault.digest_token(code)

        def work(transaction: Transaction) -> IssuedToken | Finding:
            record = transaction.grants.code(digest)
            if record is None or record.client_id != client.id:
                return found("CODE_UNKNOWN", Place("form/code"), seconds=CODE_SECONDS)
            if record.used:
                transaction.grants.end_family(record.family)
                return found("CODE_USED", Place("form/code"))
            fault = self._code_fault(record, proof, redirect_uri, verifier)
            if fault is not None:
                return fault
            transaction.grants.use_code(digest)
            return self._tokens(transaction, client, record, public=proof.secret is None)

        return self._given(await self._store.write(work))

    async def renew(self, proof: ClientProof, refresh_token: str) -> IssuedToken:
        """Give new tokens for a refresh token.

        Raises:
            Refused: it is not one that this client can use.
        """
        client = await self._proven(proof)
        digest = self._vault.digest_token(refresh_token)

        def work(transaction: Transaction) -> IssuedToken | Finding:
            record = transaction.grants.refresh_token(digest)
            unknown = found("REFRESH_TOKEN_UNKNOWN", Place("form/refresh_token"))
            if record is None or record.client_id != client.id or record.expires <= self._clock.now():
                return unknown
            if record.used:
                transaction.grants.end_family(record.family)
                return unknown
            if proof.secret is None and not record.public:
                return found("CLIENT_PROOF_MISSING", Place("header/Authorization"))
            user = transaction.identities.user(record.user_id)
            if user is None or not user.active:
                return unknown
            transaction.grants.use_refresh_token(digest)
            return self._tokens(transaction, client, record, public=record.public)

        return self._given(await self._store.write(work))

    async def end(self, caller: Caller) -> None:
        """End the caller's token, and with it everything of its login."""
        digest = caller.principal.token

        def work(change: Change) -> None:
            record = change.transaction.identities.token(digest)
            change.transaction.grants.end_token(digest, record.family if record else "")
            change.record("token.delete", digest[:16], _told(record), None)

        await self._mutations.run(caller, work)

    async def end_user(self, caller: Caller, user_id: str) -> None:
        """End all tokens of a user.

        Raises:
            NotFound: there is no such user.
        """

        def work(change: Change) -> None:
            user = change.transaction.identities.user(user_id)
            if user is None or user.organization_id != caller.organization_id:
                place = Place("path/userId")
                raise NotFound(found("USER_NOT_FOUND", place, seen=user_id, entity_id=user_id))
            count = change.transaction.grants.end_user(user_id)
            change.record("token.delete", user_id, {"user": user_id, "tokens": count}, None)

        await self._mutations.run(caller, work)

    def _given(self, result: IssuedToken | Finding) -> IssuedToken:
        # A second use of a code ends tokens, which has to be stored; an exception would undo it.
        if isinstance(result, Finding):
            self._identity.forget()
            raise Refused(result)
        return result

    def _code_fault(
        self, record: AuthorizationCode, proof: ClientProof, redirect_uri: str, verifier: str
    ) -> Finding | None:
        if record.expires <= self._clock.now():
            return found("CODE_UNKNOWN", Place("form/code"), seconds=CODE_SECONDS)
        if record.redirect_uri != redirect_uri:
            return found("REDIRECT_URI_DIFFERS", Place("form/redirect_uri"), seen=redirect_uri[:200])
        if record.challenge:
            if not verifier or not self._vault.matches_challenge(record.challenge, verifier):
                return found("PKCE_VERIFIER_WRONG", Place("form/code_verifier"))
        elif proof.secret is None:
            return found("CLIENT_PROOF_MISSING", Place("header/Authorization"))
        return None

    def _tokens(
        self,
        transaction: Transaction,
        client: OAuthClient,
        record: AuthorizationCode | RefreshToken,
        *,
        public: bool,
    ) -> IssuedToken:
        refresh = Secret(self._ids.token(48))
        transaction.grants.add_refresh_token(
            RefreshToken(
                digest=self._vault.digest_token(refresh.reveal()),
                organization_id=client.organization_id,
                client_id=client.id,
                user_id=record.user_id,
                scopes=record.scopes,
                family=record.family,
                public=public,
                expires=self._clock.now() + timedelta(days=REFRESH_DAYS),
            )
        )
        issued = self._identity.issue(transaction, client, record.user_id, record.scopes, record.family)
        return IssuedToken(issued.access_token, issued.expires_in, refresh, record.scopes)

    async def _proven(self, proof: ClientProof) -> OAuthClient:
        client = await self._identity.proven_client(proof.client_id, proof.secret, proof.address)
        if client.grant != CODE:
            place = Place("form/client_id")
            raise Refused(
                found("GRANT_NOT_OF_CLIENT", place, client=client.name, grant=client.grant, wanted=CODE)
            )
        return client

    async def _known_user(self, email: str, password: Secret, address: str) -> User:
        if self._waiting >= WAITING_CHECKS:
            raise Refused(found("LOGIN_SLOWED", seconds=1))
        self._waiting += 1
        try:
            return await self._checked_user(email, password, address)
        finally:
            self._waiting -= 1

    async def _checked_user(self, email: str, password: Secret, address: str) -> User:
        async with self._password_checks:
            self._throttle.check(email, address)
            user = await self._store.read(lambda transaction: transaction.identities.user_by_email(email))
            right = await asyncio.to_thread(self._is_right, user, password)
            if user is None or not right:
                self._throttle.failed(email, address)
                raise Refused(found("LOGIN_WRONG", Place("form")))
            self._throttle.succeeded(email, address)
            return user

    def _is_right(self, user: User | None, password: Secret) -> bool:
        if self._nobody is None:
            self._nobody = self._vault.hash_password(Secret(self._ids.token(16)))
        able = user is not None and user.active and bool(user.password_hash)
        known = user.password_hash if user is not None and able else self._nobody
        if len(password.reveal()) > LONGEST_PASSWORD:
            return False
        return self._vault.verify_password(known, password) and able


def _told(record: AccessToken | None) -> dict[str, object] | None:
    if record is None:
        return None
    return {"client": record.client_id, "user": record.user_id or "", "expires": record.expires.isoformat()}
