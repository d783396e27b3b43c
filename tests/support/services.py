"""The real services on a real SQLite file and a real vault; only the engine is a recorder."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime as datetime_type
from datetime import timedelta
from pathlib import Path

from jackfield.app import SystemIds, assemble
from jackfield.catalog import load_catalog
from jackfield.domain.errors import ActionFailed
from jackfield.domain.identity import Caller, Idempotency, Principal
from jackfield.domain.json_reader import Reading, read_json
from jackfield.domain.ports import Clock, Transaction
from jackfield.domain.run import Run, RunListener, RunResult, RunUnderWay
from jackfield.engine.upstream import Fault, InboundReply, OutboundRequest, UpstreamFailure
from jackfield.services.identity import FirstStart, IdentityService
from jackfield.services.manners import PROMPT, Manners
from jackfield.services.registry import Services
from jackfield.store import SqlStore, open_store
from jackfield.vault import EnvelopeVault, open_vault
from support.clocks import StandingClock


@dataclass
class RecordingEngine:
    """Remembers its runs and answers what it is told to."""

    answer: str = '{"ok": true}'
    error: ActionFailed | None = None
    runs: list[Run] = field(default_factory=list)

    def forget_logins(self) -> None:
        """There are none."""

    async def run(self, run: Run) -> RunResult:
        """Remember a run."""
        self.runs.append(run)
        if self.error is not None:
            return RunResult(success=False, final_result="", error=self.error)
        return RunResult(success=True, final_result=self.answer)

    def runs_at_once(self, engine: str, credential_type: str | None) -> bool:  # noqa: ARG002 - the port's
        """Let everything be awaited."""
        return False

    def run_now(self, run: Run, listener: RunListener) -> RunUnderWay:
        """Nobody asks for it."""
        raise AssertionError(f"{run.action.id} was to be awaited, not told to {listener}")

    async def aclose(self) -> None:
        """Nothing is open."""


@dataclass
class ScriptedUpstream:
    """Answers requests with statuses in turn, or fails; remembers what was sent.

    Args:
        statuses: the next answers; a Fault is raised instead. Empty: 200.
    """

    statuses: list[int | Fault] = field(default_factory=list)
    sent: list[OutboundRequest] = field(default_factory=list)

    async def send(self, request: OutboundRequest, *, deadline: float) -> InboundReply:
        """Answer the next status."""
        assert deadline > 0
        self.sent.append(request)
        status = self.statuses.pop(0) if self.statuses else 200
        if isinstance(status, Fault):
            raise UpstreamFailure(status, "as the test wants it")
        return InboundReply(status, "", (), b"{}")

    async def aclose(self) -> None:
        """Nothing is open."""


@dataclass
class Workshop:
    """Everything a test of the services needs."""

    services: Services
    store: SqlStore
    vault: EnvelopeVault
    engine: RecordingEngine
    upstream: ScriptedUpstream
    clock: StandingClock
    first_start: FirstStart
    caller: Caller

    def strict(self) -> Caller:
        """The same caller, with warnings refusing."""
        return replace(self.caller, strict=True)

    def repeating(self, key: str, digest: str, present: Callable[[object], bytes]) -> Caller:
        """The same caller with an Idempotency-Key."""
        return replace(
            self.caller,
            idempotency=Idempotency(key, digest, present, lambda error: f"refused {error}".encode()),
        )

    def later(self, **passed: float) -> datetime_type:
        """Move the clock."""
        self.clock.at += timedelta(**passed)
        return self.clock.at


def body(value: object) -> Reading:
    """Return a value as a read request body."""
    return read_json(json.dumps(value))


async def open_workshop(folder: Path, manners: Callable[[Clock], Manners] = lambda _: PROMPT) -> Workshop:
    """Make a store, a vault and an organization in a folder, and the services on them."""
    clock, ids = StandingClock(), SystemIds(seed=1)
    store = open_store(f"sqlite:///{folder / 'jackfield.db'}")
    vault, new_keys = open_vault(folder / "master.key", (), now=clock.now())
    identity = IdentityService(store, vault, clock, ids)
    engine = RecordingEngine()
    upstream = ScriptedUpstream()
    services = assemble(
        store, vault, engine, load_catalog(), identity, clock, ids, manners(clock), upstream=upstream
    )
    first_start = await store.write(identity.found_organization)

    def keep_keys(transaction: Transaction) -> None:
        for key in new_keys:
            transaction.keyring.add(key)

    await store.write(keep_keys)
    principal = Principal(first_start.organization.id, first_start.client_id, None, frozenset({"*:*:*"}))
    caller = Caller(principal, correlation_id="3d0b6c1e-0000-4000-8000-000000000000")
    return Workshop(services, store, vault, engine, upstream, clock, first_start, caller)
