"""In-memory stand-ins for the services, so that the wire can be tested on its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from jackfield.api.application import Application, build_application
from jackfield.api.options import ApiOptions
from jackfield.catalog import load_catalog
from jackfield.domain.action import Action, ActionConfig, ActionQuery, ActionState, Contract, RequestConfig
from jackfield.domain.catalogue import found
from jackfield.domain.credential import Credential
from jackfield.domain.errors import BadCredentials, JackfieldError, NotFound, Refused, Replayed, StoredAnswer
from jackfield.domain.finding import Finding
from jackfield.domain.identity import Caller, Principal
from jackfield.domain.integration import (
    Configuration,
    Integration,
    IntegrationQuery,
    IntendedState,
    ReportedState,
    UnifiedCommunications,
)
from jackfield.domain.json_reader import Reading
from jackfield.domain.limits import OrganizationLimits
from jackfield.domain.page import CursorPage, CursorRequest, Page, PageRequest
from jackfield.domain.run import RunResult
from jackfield.domain.secret import Secret
from jackfield.domain.webhook import WebhookEvent
from jackfield.engine.egress.tls import TlsFiles
from jackfield.services.access import require, require_scope
from jackfield.services.certificates import CertificateService
from jackfield.services.credentials import CredentialView
from jackfield.services.identity import IssuedToken
from jackfield.services.integrations import IntegrationView
from jackfield.services.limits import LimitService
from jackfield.services.outcome import Outcome
from jackfield.services.registry import Services

WHEN = datetime(2026, 11, 23, 18, 5, 4, 321000, tzinfo=UTC)
CATALOG = load_catalog()
CREDENTIAL = Credential(
    "cred-1", "org", "login", "basicAuth", 1, WHEN, WHEN + timedelta(hours=1), {"userName": b"x"}
)
INTEGRATION = Integration(
    id="int-1",
    organization_id="org",
    type_id="custom-rest-actions",
    intended_state=IntendedState.ENABLED,
    reported_state=ReportedState.ACTIVE,
    configuration=Configuration(
        "Mine", 3, '{"n": 1.0}', "{ }", "a note", {"basicAuth": "cred-1", "other": "gone"}
    ),
    created=WHEN,
    modified=WHEN,
)
VIEW = IntegrationView(
    INTEGRATION, CATALOG.integration_types["custom-rest-actions"], {"basicAuth": CREDENTIAL}
)
ACTION = Action(
    id="custom_-_1",
    organization_id="org",
    integration_id="int-1",
    name="Greet",
    category="Greetings",
    version=2,
    secure=False,
    config=ActionConfig(RequestConfig("https://example.com/", "POST", {"X": "y"}, "line\n${input.a}")),
    contract=Contract('{"type": "object", "properties": {"a": {"type": "string"}}}', '{"type":"object"}'),
    state=ActionState.PUBLISHED,
    created=WHEN,
    modified=WHEN,
)

EVENT = WebhookEvent("event-1", "org", "int-1", WHEN, '{"n": 1.0}', "correlation-1")

TELEPHONY = UnifiedCommunications("ZoomPhone", "integration:unifiedCommunications:view")


class CountingIds:
    """Ids in order."""

    def __init__(self) -> None:
        self.count = 0

    def uuid(self) -> str:
        """Return the next id."""
        self.count += 1
        return f"00000000-0000-4000-8000-{self.count:012d}"

    def token(self, size: int) -> str:
        """Return text of the wanted length."""
        return "t" * size


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        """Return the one time."""
        return WHEN

    def monotonic(self) -> float:
        """Return the one time."""
        return 0.0


@dataclass
class StandInIdentity:
    """Knows the tokens `good` (everything) and `reader` (view only)."""

    def principal(self, *permissions: str) -> Principal:
        """Return a principal of the one client."""
        return Principal("org", "client", None, frozenset(permissions))

    async def authenticate(self, token: str) -> Principal:
        """Return who a token speaks for."""
        known = {"good": ("*:*:*",), "reader": ("integrations:integration:view",)}
        if token not in known:
            raise BadCredentials(found("TOKEN_UNKNOWN"))
        return self.principal(*known[token])

    def recognise(self, _token: str, _now: datetime) -> Principal | None:
        """Remember nobody: every token is looked up."""
        return None

    def require(self, principal: Principal, permissions: tuple[str, ...]) -> None:
        """Check permissions as the real service does."""
        require(principal, permissions)

    def require_scope(self, principal: Principal, scopes: tuple[str, ...]) -> None:
        """Check scopes as the real service does."""
        require_scope(principal, scopes)

    async def token_for_client(self, client_id: str, secret: Secret, _address: str) -> IssuedToken:
        """Know one client."""
        if (client_id, secret.reveal()) != ("client", "s3cret"):
            raise Refused(found("CLIENT_UNKNOWN", seen=client_id))
        return IssuedToken(Secret("fresh-token"), 86400)


@dataclass
class Recorder:
    """Keeps what a service was asked; `fault` is raised instead of answering.

    Args:
        warnings: go out with every change.
        kept: answers by Idempotency-Key.
    """

    calls: list[tuple[Any, ...]] = field(default_factory=list)
    fault: BaseException | None = None
    warnings: tuple[Finding, ...] = ()
    kept: dict[str, StoredAnswer] = field(default_factory=dict)
    callers: list[Caller] = field(default_factory=list)

    def note(self, caller: Caller, *call: Any) -> None:
        """Remember a call, or fail."""
        self.calls.append(call)
        self.callers.append(caller)
        if self.fault is not None:
            raise self.fault

    def answer(self, caller: Caller, value: Any) -> Outcome[Any]:
        """Return an outcome; repeats of a key get the kept answer, as `Mutations` does it."""
        outcome = Outcome(value, self.warnings)
        wanted = caller.idempotency
        if wanted is not None:
            if wanted.key in self.kept:
                raise Replayed(self.kept[wanted.key])
            self.kept[wanted.key] = StoredAnswer(wanted.digest, 200, wanted.present(outcome))
        return outcome


class StandInIntegrations(Recorder):
    """One integration, `int-1`."""

    async def create(self, caller: Caller, body: Reading) -> Outcome[IntegrationView]:
        """Answer the one integration."""
        self.note(caller, "create", body.text)
        return self.answer(caller, VIEW)

    async def get(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Answer the one integration."""
        self.note(caller, "get", integration_id)
        if integration_id != "int-1":
            raise NotFound(found("INTEGRATION_NOT_FOUND", entity_id=integration_id))
        return VIEW

    async def list(
        self, caller: Caller, query: IntegrationQuery, window: PageRequest
    ) -> Page[IntegrationView]:
        """Answer a page with the one integration."""
        self.note(caller, "list", query, window)
        return Page([VIEW] if window.number == 1 else [], window.number, window.size, 1)

    async def patch(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[IntegrationView]:
        """Answer the one integration."""
        self.note(caller, "patch", integration_id, body.text)
        return self.answer(caller, VIEW)

    async def delete(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Answer the one integration, DELETED."""
        self.note(caller, "delete", integration_id)
        return replace(VIEW, integration=replace(INTEGRATION, intended_state=IntendedState.DELETED))

    async def replace_configuration(
        self, caller: Caller, integration_id: str, body: Reading
    ) -> Outcome[IntegrationView]:
        """Answer the one integration."""
        self.note(caller, "configure", integration_id, body.text)
        return self.answer(caller, VIEW)


class StandInCredentials(Recorder):
    """One credential, `cred-1`."""

    async def create(self, caller: Caller, body: Reading) -> Outcome[Credential]:
        """Answer the one credential."""
        self.note(caller, "create", body.text)
        return self.answer(caller, CREDENTIAL)

    async def replace(self, caller: Caller, credential_id: str, body: Reading) -> Outcome[Credential]:
        """Answer the one credential."""
        self.note(caller, "replace", credential_id, body.text)
        return self.answer(caller, CREDENTIAL)

    async def get(self, caller: Caller, credential_id: str) -> CredentialView:
        """Answer the one credential."""
        self.note(caller, "get", credential_id)
        return CredentialView(CREDENTIAL, {"userName": "someone"})

    async def list(self, caller: Caller, window: PageRequest) -> Page[Credential]:
        """Answer a page with the one credential."""
        self.note(caller, "list", window)
        return Page([CREDENTIAL], window.number, window.size, 1)

    async def listing(self, caller: Caller, window: CursorRequest) -> Outcome[CursorPage[Credential]]:
        """Answer a cursor page with the one credential."""
        self.note(caller, "listing", window)
        return Outcome(CursorPage([CREDENTIAL], window.size, None, None))

    async def delete(self, caller: Caller, credential_id: str) -> Outcome[None]:
        """Delete nothing."""
        self.note(caller, "delete", credential_id)
        return self.answer(caller, None)


class StandInActions(Recorder):
    """One action, `custom_-_1`."""

    async def create(self, caller: Caller, body: Reading) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "create", body.text)
        return self.answer(caller, ACTION)

    async def get(self, caller: Caller, action_id: str, state: ActionState = ActionState.PUBLISHED) -> Action:
        """Answer the one action."""
        self.note(caller, "get", action_id, state)
        return ACTION

    async def list(self, caller: Caller, query: ActionQuery, window: PageRequest) -> Page[Action]:
        """Answer a page with the one action."""
        self.note(caller, "list", query, window)
        return Page([ACTION], window.number, window.size, 1)

    async def categories(self, caller: Caller, secure: bool | None, window: PageRequest) -> Page[str]:
        """Answer one category."""
        self.note(caller, "categories", secure, window)
        return Page(["Greetings"], window.number, window.size, 1)

    async def delete(self, caller: Caller, action_id: str) -> Outcome[None]:
        """Delete nothing."""
        self.note(caller, "delete", action_id)
        return self.answer(caller, None)

    async def patch(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "patch", action_id, body.text)
        return self.answer(caller, ACTION)


class StandInDrafts(Recorder):
    """The one action's draft."""

    async def create(self, caller: Caller, body: Reading) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "create", body.text)
        return self.answer(caller, ACTION)

    async def copy(self, caller: Caller, action_id: str) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "copy", action_id)
        return self.answer(caller, ACTION)

    async def patch(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "patch", action_id, body.text)
        return self.answer(caller, ACTION)

    async def validate(self, caller: Caller, action_id: str) -> tuple[Finding, ...]:
        """Find nothing."""
        self.note(caller, "validate", action_id)
        return ()

    async def publish(self, caller: Caller, action_id: str, body: Reading) -> Outcome[Action]:
        """Answer the one action."""
        self.note(caller, "publish", action_id, body.text)
        return self.answer(caller, ACTION)

    async def delete(self, caller: Caller, action_id: str) -> Outcome[None]:
        """Delete nothing."""
        self.note(caller, "delete", action_id)
        return self.answer(caller, None)


class StandInWebhooks(Recorder):
    """One event, `event-1`."""

    async def invoke(self, caller: Caller, webhook_id: str, body: bytes) -> WebhookEvent:
        """Answer the one event."""
        self.note(caller, "invoke", webhook_id, body)
        return EVENT

    async def events(self, caller: Caller, integration_id: str, window: PageRequest) -> Page[WebhookEvent]:
        """Answer a page with the one event."""
        self.note(caller, "events", integration_id, window)
        return Page([EVENT], window.number, window.size, 1)


class StandInBots(Recorder):
    """One bot."""

    async def replace(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[None]:
        """Take any list."""
        self.note(caller, "replace", integration_id, body.text)
        return self.answer(caller, None)

    async def bots(self, caller: Caller, integration_id: str) -> list[dict[str, Any]]:
        """Answer the one bot."""
        self.note(caller, "bots", integration_id)
        return [{"id": "bot-1", "versions": []}]

    async def bot(self, caller: Caller, integration_id: str, bot_id: str, version: str) -> dict[str, Any]:
        """Answer the one bot."""
        self.note(caller, "bot", integration_id, bot_id, version)
        return {"id": "bot-1", "versions": []}


class StandInPresences(Recorder):
    """One telephony system."""

    async def integration(self, caller: Caller, integration_id: str) -> IntegrationView:
        """Answer the one integration, as a telephony system."""
        self.note(caller, "integration", integration_id)
        return replace(VIEW, type=replace(VIEW.type, unified_communications=TELEPHONY))

    async def put(self, caller: Caller, integration_id: str, body: Reading) -> Outcome[int]:
        """Take one presence."""
        self.note(caller, "put", integration_id, body.text)
        return self.answer(caller, 1)

    async def presences(self, caller: Caller, integration_id: str) -> list[dict[str, str]]:
        """Answer one presence."""
        self.note(caller, "presences", integration_id)
        return [{"email": "ada@example.com", "presence": "AWAY"}]


@dataclass
class StandInExecution(Recorder):
    """Executes nothing.

    Args:
        result: what execute answers.
        run: what test answers.
        waits: awaited before the answer.
    """

    result: bytes = b'{"text": "hello"}'
    run: RunResult = field(default_factory=lambda: RunResult(True, '{"text":1.50}'))
    waits: Callable[[], Any] | None = None

    async def execute(self, caller: Caller, action_id: str, body: bytes, flatten: bool) -> Outcome[bytes]:
        """Answer the fixed result."""
        self.note(caller, "execute", action_id, body, flatten)
        if self.waits is not None:
            await self.waits()
        return Outcome(self.result)

    async def test(
        self,
        caller: Caller,
        action_id: str,
        body: bytes,
        flatten: bool,
        state: ActionState = ActionState.PUBLISHED,
    ) -> RunResult:
        """Answer the fixed run."""
        self.note(caller, "test", action_id, body, flatten, state)
        return self.run


class Empty:
    """The services beside the integrations, with nothing in them: every entity is unknown."""

    def __getattr__(self, name: str) -> Any:
        async def nothing(*_: Any, **__: Any) -> None:
            raise NotFound(found("USER_NOT_FOUND", entity_id=name))

        return nothing


class EmptyLog(Empty):
    """A log of executions with nothing in it."""

    dropped = 0


@dataclass
class StandInStore:
    """A store that answers, or does not."""

    fault: JackfieldError | None = None

    async def ping(self) -> None:
        """Answer."""
        if self.fault is not None:
            raise self.fault


@dataclass
class Wire:
    """An application over stand-ins, and the stand-ins."""

    options: ApiOptions
    identity: StandInIdentity = field(default_factory=StandInIdentity)
    integrations: StandInIntegrations = field(default_factory=StandInIntegrations)
    credentials: StandInCredentials = field(default_factory=StandInCredentials)
    actions: StandInActions = field(default_factory=StandInActions)
    drafts: StandInDrafts = field(default_factory=StandInDrafts)
    execution: StandInExecution = field(default_factory=StandInExecution)
    webhooks: StandInWebhooks = field(default_factory=StandInWebhooks)
    bots: StandInBots = field(default_factory=StandInBots)
    presences: StandInPresences = field(default_factory=StandInPresences)
    store: StandInStore = field(default_factory=StandInStore)
    directory: Any = field(default_factory=Empty)

    def services(self) -> Services:
        """Return the stand-ins as if they were the services."""
        return Services(
            integrations=cast(Any, self.integrations),
            credentials=cast(Any, self.credentials),
            actions=cast(Any, self.actions),
            drafts=cast(Any, self.drafts),
            execution=cast(Any, self.execution),
            identity=cast(Any, self.identity),
            limits=LimitService(OrganizationLimits(CATALOG.limits)),
            audit=cast(Any, None),
            snapshots=cast(Any, None),
            webhooks=cast(Any, self.webhooks),
            uses=cast(Any, None),
            bots=cast(Any, self.bots),
            checks=cast(Any, None),
            rotations=cast(Any, None),
            presences=cast(Any, self.presences),
            certificates=CertificateService(TlsFiles()),
            grants=self.directory,
            users=self.directory,
            roles=self.directory,
            groups=self.directory,
            oauth_clients=self.directory,
            data_tables=self.directory,
            executions=cast(Any, EmptyLog()),
            catalog=CATALOG,
            store=cast(Any, self.store),
        )

    @property
    def application(self) -> Application:
        """A fresh application over the same stand-ins."""
        return build_application(self.services(), self.options)


def options(**changes: Any) -> ApiOptions:
    """Return options with counting ids and a fingerprint that shows what it was made of."""
    wanted: dict[str, Any] = {
        "clock": StillClock(),
        "ids": CountingIds(),
        "fingerprint": lambda secret: f"print-of-{len(secret.reveal())}-{hash(secret.reveal())}",
    }
    return ApiOptions(**(wanted | changes))


def wire(**changes: Any) -> Wire:
    """Return an application over stand-ins."""
    return Wire(options(**changes))
