"""Logins: codes, PKCE, renewal, ended tokens. The vault, the store and the hashes are the real ones."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from typing import Any, TypeVar

import pytest

from jackfield.domain.errors import BadCredentials, JackfieldError, NotFound, Refused, SentBack
from jackfield.domain.identity import OAuthClient, Principal
from jackfield.domain.secret import Secret
from jackfield.services.grants import CODE_SECONDS, REFRESH_DAYS, ClientProof
from jackfield.services.identity import ADMIN_EMAIL, IssuedToken
from jackfield.vault.pkce import s256
from support.services import Workshop

T = TypeVar("T")
BACK = "https://app.example.com/callback"
VERIFIER = "a" * 64
CHALLENGE = {"code_challenge": s256(VERIFIER), "code_challenge_method": "S256"}
SECRET = Secret("the client's secret")


def done(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end."""
    return asyncio.run(work)


def asked(**changes: str) -> dict[str, str]:
    """What the login page is asked for."""
    return {"client_id": "web", "redirect_uri": BACK, "response_type": "code", "state": "s"} | changes


@pytest.fixture
def people(workshop: Workshop) -> Workshop:
    """A workshop with a client for logins."""
    client = OAuthClient(
        id="web",
        organization_id=workshop.first_start.organization.id,
        name="Web",
        secret_digest=workshop.vault.digest_token(SECRET.reveal()),
        grant="CODE",
        role_ids=(),
        token_seconds=600,
        created=workshop.clock.now(),
        redirect_uris=(BACK,),
        scopes=("integrations:readonly", "users"),
    )
    done(workshop.store.write(lambda tx: tx.identities.add_client(client)))
    return workshop


def code_of(workshop: Workshop, **changes: str) -> str:
    """Log the administrator in and return the code."""
    password = workshop.first_start.admin_password
    granted = done(workshop.services.grants.log_in(asked(**changes), ADMIN_EMAIL, password, "1.2.3.4"))
    assert granted.code is not None
    return granted.code.reveal()


def exchanged(
    workshop: Workshop, code: str, secret: Secret | None = None, verifier: str = VERIFIER, back: str = BACK
) -> IssuedToken:
    """Exchange a code."""
    return done(workshop.services.grants.exchange(ClientProof("web", secret), code, back, verifier))


def principal(workshop: Workshop, issued: IssuedToken) -> Principal:
    """Return who a token speaks for."""
    return done(workshop.services.identity.authenticate(issued.access_token.reveal()))


def code_of_error(error: pytest.ExceptionInfo[JackfieldError]) -> str:
    """The finding's code."""
    return error.value.findings[0].code


def test_a_login_with_pkce(people: Workshop) -> None:
    """Code and verifier give a token of the user with the client's scopes, and one that renews it."""
    issued = exchanged(people, code_of(people, **CHALLENGE))
    who = principal(people, issued)
    assert who.user_id is not None
    assert who.client_id == "web"
    assert who.scopes == frozenset({"integrations:readonly", "users"})
    assert who.allows("integrations:integration:add")
    assert issued.expires_in == 600
    assert issued.refresh_token is not None


def test_a_login_with_a_secret(people: Workshop) -> None:
    """A client that keeps its secret needs no PKCE."""
    assert principal(people, exchanged(people, code_of(people), SECRET, "")).user_id


def test_a_login_may_ask_for_less(people: Workshop) -> None:
    """The scopes of the login are those of the tokens."""
    issued = exchanged(people, code_of(people, scope="users", **CHALLENGE))
    assert principal(people, issued).scopes == frozenset({"users"})


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"client_id": "nobody"}, "AUTHORIZE_CLIENT_UNKNOWN"),
        ({"redirect_uri": BACK + "/"}, "REDIRECT_URI_UNREGISTERED"),
        ({"redirect_uri": ""}, "REDIRECT_URI_UNREGISTERED"),
    ],
)
def test_nobody_is_sent_to_a_stranger(people: Workshop, changes: Mapping[str, str], code: str) -> None:
    """Where client or redirect URI are not to be trusted, nothing goes there."""
    with pytest.raises(Refused) as refused:
        done(people.services.grants.offer(asked(**changes)))
    assert code_of_error(refused) == code


@pytest.mark.parametrize(
    ("changes", "code", "error"),
    [
        ({"response_type": "id_token"}, "RESPONSE_TYPE_UNSUPPORTED", "unsupported_response_type"),
        ({"response_type": "token"}, "IMPLICIT_GRANT_OFF", "unauthorized_client"),
        ({"code_challenge": "x" * 43, "code_challenge_method": "plain"}, "PKCE_CHALLENGE_INVALID", ""),
        ({"code_challenge": "x" * 43}, "PKCE_CHALLENGE_INVALID", "invalid_request"),
        ({"code_challenge": "x", "code_challenge_method": "S256"}, "PKCE_CHALLENGE_INVALID", ""),
        ({"scope": "users authorization"}, "SCOPE_NOT_OF_CLIENT", "invalid_scope"),
    ],
)
def test_other_faults_go_back_to_the_client(
    people: Workshop, changes: Mapping[str, str], code: str, error: str
) -> None:
    """With its state, so that it knows which login failed."""
    with pytest.raises(SentBack) as sent:
        done(people.services.grants.offer(asked(**changes)))
    assert code_of_error(sent) == code
    assert (sent.value.redirect_uri, sent.value.state) == (BACK, "s")
    assert error in ("", sent.value.code)


def test_the_first_client_is_not_for_people(people: Workshop) -> None:
    """A client-credentials client has no login, and a login client no client credentials."""
    first = people.first_start.client_id
    with pytest.raises(Refused) as refused:
        done(people.services.grants.offer(asked(client_id=first)))
    assert code_of_error(refused) == "REDIRECT_URI_UNREGISTERED"
    with pytest.raises(Refused) as refused:
        done(people.services.identity.token_for_client("web", SECRET))
    assert code_of_error(refused) == "GRANT_NOT_OF_CLIENT"
    proof = ClientProof(first, people.first_start.client_secret)
    with pytest.raises(Refused) as refused:
        done(people.services.grants.exchange(proof, "x", BACK, ""))
    assert refused.value.code == "unauthorized_client"


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"verifier": "b" * 64}, "PKCE_VERIFIER_WRONG"),
        ({"verifier": ""}, "PKCE_VERIFIER_WRONG"),
        ({"back": BACK + "?"}, "REDIRECT_URI_DIFFERS"),
        ({"secret": Secret("wrong")}, "CLIENT_UNKNOWN"),
    ],
)
def test_what_does_not_belong_to_the_login(people: Workshop, change: dict[str, Any], code: str) -> None:
    """Each is named, and the code stays good for the right request."""
    given = code_of(people, **CHALLENGE)
    with pytest.raises(Refused) as refused:
        exchanged(people, given, **change)
    assert code_of_error(refused) == code
    assert exchanged(people, given)


def test_a_code_without_any_proof(people: Workshop) -> None:
    """Neither PKCE nor secret: anybody who saw the code could use it."""
    with pytest.raises(Refused) as refused:
        exchanged(people, code_of(people), None, "")
    assert code_of_error(refused) == "CLIENT_PROOF_MISSING"
    assert refused.value.code == "invalid_client"


def test_a_code_used_twice_ends_its_tokens(people: Workshop) -> None:
    """Also those that are cached."""
    given = code_of(people, **CHALLENGE)
    issued = exchanged(people, given)
    principal(people, issued)
    with pytest.raises(Refused) as refused:
        exchanged(people, given)
    assert code_of_error(refused) == "CODE_USED"
    assert refused.value.code == "invalid_grant"
    with pytest.raises(BadCredentials):
        principal(people, issued)
    assert issued.refresh_token is not None
    with pytest.raises(Refused):
        done(people.services.grants.renew(ClientProof("web", None), issued.refresh_token.reveal()))


def test_a_code_is_good_for_a_short_time(people: Workshop) -> None:
    """To its last second, for its own client."""
    late, early = code_of(people, **CHALLENGE), code_of(people, **CHALLENGE)
    people.later(seconds=CODE_SECONDS - 1)
    assert exchanged(people, early)
    people.later(seconds=1)
    for code in (late, "made up"):
        with pytest.raises(Refused) as refused:
            exchanged(people, code)
        assert code_of_error(refused) == "CODE_UNKNOWN"


def test_renewal(people: Workshop) -> None:
    """Each refresh token works once; a second use ends the login."""
    grants = people.services.grants
    first = exchanged(people, code_of(people, **CHALLENGE))
    assert first.refresh_token is not None
    second = done(grants.renew(ClientProof("web", None), first.refresh_token.reveal()))
    assert principal(people, second).scopes == frozenset({"integrations:readonly", "users"})
    assert second.refresh_token is not None
    with pytest.raises(Refused) as refused:
        done(grants.renew(ClientProof("web", None), first.refresh_token.reveal()))
    assert code_of_error(refused) == "REFRESH_TOKEN_UNKNOWN"
    for ended in (first, second):
        with pytest.raises(BadCredentials):
            principal(people, ended)
    with pytest.raises(Refused):
        done(grants.renew(ClientProof("web", None), second.refresh_token.reveal()))


def test_renewal_needs_the_secret_that_the_login_had(people: Workshop) -> None:
    """A refresh token of a client with a secret is of no use without it."""
    issued = exchanged(people, code_of(people), SECRET, "")
    assert issued.refresh_token is not None
    token = issued.refresh_token.reveal()
    with pytest.raises(Refused) as refused:
        done(people.services.grants.renew(ClientProof("web", None), token))
    assert code_of_error(refused) == "CLIENT_PROOF_MISSING"
    assert done(people.services.grants.renew(ClientProof("web", SECRET), token))


def test_a_refresh_token_expires(people: Workshop) -> None:
    """After a month without use."""
    issued = exchanged(people, code_of(people, **CHALLENGE))
    assert issued.refresh_token is not None
    people.later(days=REFRESH_DAYS)
    with pytest.raises(Refused):
        done(people.services.grants.renew(ClientProof("web", None), issued.refresh_token.reveal()))


@pytest.mark.parametrize("email", [ADMIN_EMAIL, "nobody@example.com", ""])
def test_wrong_passwords_are_slowed_down(people: Workshop, email: str) -> None:
    """After five failures the next attempt waits, even with the right password; another place does not."""
    grants, right = people.services.grants, people.first_start.admin_password
    for _ in range(5):
        with pytest.raises(Refused) as refused:
            done(grants.log_in(asked(), email, Secret("wrong"), "1.2.3.4"))
        assert code_of_error(refused) == "LOGIN_WRONG"
    with pytest.raises(Refused) as refused:
        done(grants.log_in(asked(), email, right, "1.2.3.4"))
    assert code_of_error(refused) == "LOGIN_SLOWED"
    assert "rate limit exceeded;" in refused.value.message
    assert done(grants.log_in(asked(), ADMIN_EMAIL, right, "5.6.7.8")).code
    people.clock.seconds += 1
    assert email != ADMIN_EMAIL or done(grants.log_in(asked(), email, right, "1.2.3.4")).code


def test_a_flood_of_guesses_is_turned_away(people: Workshop, monkeypatch: pytest.MonkeyPatch) -> None:
    """Only so many passwords wait to be checked; the rest hear at once that they have to wait."""
    monkeypatch.setattr("jackfield.services.grants.WAITING_CHECKS", 3)
    grants = people.services.grants

    async def flood() -> list[str]:
        attempts = (
            grants.log_in(asked(), f"user{number}@example.com", Secret("wrong"), f"10.0.0.{number}")
            for number in range(13)
        )
        answers = await asyncio.gather(*attempts, return_exceptions=True)
        return [one.findings[0].code for one in answers if isinstance(one, Refused)]

    codes = done(flood())
    assert codes.count("LOGIN_SLOWED") == 10
    assert codes.count("LOGIN_WRONG") == 3


def test_ended_tokens_are_ended_at_once(people: Workshop) -> None:
    """The token and its login, with an audit row that has no token in it; another login stays."""
    issued, other = (exchanged(people, code_of(people, **CHALLENGE)) for _ in range(2))
    who = principal(people, issued)
    caller = people.caller.__class__(who, "correlation")
    done(people.services.grants.end(caller))
    with pytest.raises(BadCredentials):
        principal(people, issued)
    assert issued.refresh_token is not None
    with pytest.raises(Refused):
        done(people.services.grants.renew(ClientProof("web", None), issued.refresh_token.reveal()))
    assert principal(people, other)
    assert who.user_id is not None
    done(people.services.grants.end_user(people.caller, who.user_id))
    with pytest.raises(BadCredentials):
        principal(people, other)
    with pytest.raises(NotFound):
        done(people.services.grants.end_user(people.caller, "nobody"))


def test_nothing_of_a_login_is_stored_in_clear(people: Workshop, tmp_path: Any) -> None:
    """Neither code nor tokens stand in the database's files."""
    code = code_of(people, **CHALLENGE)
    issued = exchanged(people, code)
    assert issued.refresh_token is not None
    files = list(tmp_path.rglob("jackfield.db*"))
    stored = b"".join(path.read_bytes() for path in files)
    assert b"web" in stored
    for secret in (code, issued.access_token.reveal(), issued.refresh_token.reveal()):
        assert secret.encode() not in stored
