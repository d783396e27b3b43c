"""The composition root: builds the adapters, hands them in, runs the server."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import random
import secrets
import shutil
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from ssl import SSLContext

import structlog

from jackfield.api.application import build_application
from jackfield.api.limiter import CloudLimiter
from jackfield.api.options import ApiOptions, NoLimiter
from jackfield.api.server import Listener, listen, run, tls_context
from jackfield.catalog import Catalog, load_catalog
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.execution_log import ExecutionLog, NoExecutionLog
from jackfield.domain.finding import Place
from jackfield.domain.identity import OAuthClient
from jackfield.domain.limits import OrganizationLimits
from jackfield.domain.page import PageRequest
from jackfield.domain.ports import (
    ActionEngine,
    Clock,
    Ids,
    RepeatableIds,
    Store,
    Transaction,
    Vault,
    WrappedKey,
)
from jackfield.domain.secret import Secret
from jackfield.engine.egress.tls import TlsFiles
from jackfield.engine.pipeline import Engine
from jackfield.engine.probe import Probe
from jackfield.engine.upstream import Upstream
from jackfield.services.actions import ActionService
from jackfield.services.audit import AuditService
from jackfield.services.bots import BotService
from jackfield.services.certificates import CertificateService
from jackfield.services.credential_checks import CredentialCheckService
from jackfield.services.credential_use import CredentialUseService
from jackfield.services.credentials import CredentialService
from jackfield.services.data_tables import DataTableService
from jackfield.services.drafts import DraftService
from jackfield.services.execution import ExecutionService
from jackfield.services.executions import LoggedExecutionService
from jackfield.services.grants import GrantService
from jackfield.services.groups import GroupService
from jackfield.services.identity import ADMIN_EMAIL, FirstStart, IdentityService
from jackfield.services.integrations import IntegrationService
from jackfield.services.limits import LimitService
from jackfield.services.manners import PROMPT, CloudManners, Manners
from jackfield.services.mutations import Mutations
from jackfield.services.oauth_clients import OAuthClientService
from jackfield.services.presences import PresenceService
from jackfield.services.registry import Services
from jackfield.services.roles import RoleService
from jackfield.services.rotations import RotationService
from jackfield.services.snapshots import SnapshotService
from jackfield.services.throttle import Throttle
from jackfield.services.users import UserService
from jackfield.services.webhooks import WebhookService
from jackfield.settings import ServerSettings
from jackfield.store import open_store
from jackfield.store.execution_log import FILE_NAME, SqliteExecutionLog
from jackfield.vault import EnvelopeVault, open_vault
from jackfield.ways_out import build_engine, organization_limits, outgoing_tls, refused_setting

DRAWN = 64
"""How many ids are drawn from the operating system at once."""


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time in UTC."""
        return datetime.now(UTC)

    # Called a dozen times per execution: the system's own function, without one around it.
    monotonic = staticmethod(time.monotonic)


class SystemIds:
    """Ids of this process; UUIDs follow a seed if one is given, tokens never do.

    Args:
        seed: makes the sequence of UUIDs repeatable; None draws them from the operating system.
    """

    def __init__(self, seed: int | None = None) -> None:
        self._seed = seed
        self._random = random.Random(seed) if seed is not None else None
        self._drawn: list[str] = []

    def move_on(self, changes: int) -> None:
        """Let a seeded sequence go on behind the changes that a database already holds."""
        if self._seed is not None and changes:
            self._random = random.Random(f"{self._seed}/{changes}")

    def mark(self) -> object:
        """Return where the sequence is; None without a seed."""
        return self._random.getstate() if self._random is not None else None

    def rewind(self, mark: object) -> None:
        """Go on from a mark; nothing happens without a seed."""
        if self._random is not None and isinstance(mark, tuple):
            self._random.setstate(mark)

    def uuid(self) -> str:
        """Return a new version-4 UUID."""
        if self._random is None:
            if not self._drawn:
                # One call to the system for many: it takes longer than all the rest.
                self._drawn = _uuids(os.urandom(16 * DRAWN))
            return self._drawn.pop()
        return str(uuid.UUID(int=self._random.getrandbits(128), version=4))

    def token(self, size: int) -> str:
        """Return URL-safe text of `size` random bytes."""
        return secrets.token_urlsafe(size)


# What RFC 9562 makes of any byte where a version-4 UUID says what it is.
_VERSION = bytes(byte & 0x0F | 0x40 for byte in range(256))
_VARIANT = bytes(byte & 0x3F | 0x80 for byte in range(256))
_FORM = b"        -    -    -    -            \n"
_DIGITS = [at for at, letter in enumerate(_FORM) if letter == ord(" ")]


def _uuids(drawn: bytes) -> list[str]:
    """Return random bytes, 16 for each, as version-4 UUIDs.

    The same digit of all of them is written at once: that costs a fraction of writing one after the other.
    """
    marked = bytearray(drawn)
    marked[6::16] = marked[6::16].translate(_VERSION)
    marked[8::16] = marked[8::16].translate(_VARIANT)
    digits = marked.hex().encode()
    written = bytearray(_FORM * (len(drawn) // 16))
    for digit, at in enumerate(_DIGITS):
        written[at :: len(_FORM)] = digits[digit::32]
    return written.decode().split()


@dataclass(frozen=True, slots=True)
class Started:
    """What `jackfield up` tells when requests are accepted.

    Args:
        client_secret: only on the start that made it, and with `--ephemeral`. Likewise the password.
    """

    url: str
    client_id: str
    client_secret: Secret | None
    admin_user: str
    admin_password: Secret | None
    pid: int
    settings: ServerSettings


@dataclass(frozen=True, slots=True)
class Built:
    """Everything that lives as long as the server."""

    services: Services
    engine: Engine
    log: ExecutionLog
    vault: EnvelopeVault
    clock: Clock
    ids: Ids
    client: OAuthClient | None
    first_start: FirstStart | None


def serve(settings: ServerSettings, announce: Callable[[Started], None]) -> int:
    """Run the server until it is told to stop.

    Args:
        settings: what `jackfield up` was told.
        announce: called once, when requests are accepted.

    Returns:
        The exit code.

    Raises:
        OperationRefused: the server will not start; the finding says why and what to do.
    """
    configure_logging(settings.log_level)
    with data_directory(settings) as settled:
        return run_event_loop(_serve(settled, announce))


@contextlib.contextmanager
def data_directory(settings: ServerSettings) -> Iterator[ServerSettings]:
    """Make the data directory; with `--ephemeral` a temporary one that is removed at the end.

    Raises:
        OperationRefused: it cannot be made.
    """
    if settings.ephemeral:
        folder = Path(tempfile.mkdtemp(prefix="jackfield-"))
        try:
            yield replace(settings, data_dir=folder)
        finally:
            shutil.rmtree(folder)
        return
    try:
        settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        place = Place("data-dir")
        raise OperationRefused(
            found("DATA_DIR_UNUSABLE", place, path=settings.data_dir, reason=reason)
        ) from error
    yield settings


def configure_logging(level: str) -> None:
    """Write log lines as JSON to standard error, from `level` on.

    Args:
        level: `debug`, `info`, `warning` or `error`.
    """
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.EventRenamer("message"),
            structlog.processors.JSONRenderer(),
        ],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=True,
    )


def settle_memory() -> None:
    """Take what start-up made out of the garbage collector's rounds, and let them come less often.

    Nothing is collected before: start-up leaves little behind, and looking for it takes as long as a tenth of
    the start.
    Modules, catalog and compiled schemas live as long as the process; looking through them again and again
    makes the pauses that are seen in the slowest hundredth of executions (p99 of 2.3 instead of 4.2 times the
    median, measured with `make bench`).
    """
    gc.freeze()
    gc.enable()
    gc.set_threshold(50_000, 20, 50)
    # How long a thread that writes to a database may keep the event loop waiting; 5 ms are usual.
    sys.setswitchinterval(0.0005)


def run_event_loop(main: Coroutine[None, None, int]) -> int:
    """Run on uvloop where the platform has it, else on asyncio's own loop."""
    try:
        import uvloop
    except ImportError:
        return asyncio.run(main)
    return uvloop.run(main)


async def _serve(settings: ServerSettings, announce: Callable[[Started], None]) -> int:
    tls = incoming_tls(settings)
    listener = listen(settings.host, settings.port, tls)
    try:
        built = await build(settings, listener.port, listener.url)
    except BaseException:
        listener.close()
        raise
    options = ApiOptions(
        clock=built.clock,
        # Correlation ids are drawn apart, so that a seeded run's entity ids do not depend on health checks.
        ids=SystemIds(),
        fingerprint=built.vault.fingerprint,
        strict=settings.strict,
        version=version("jackfield"),
        terse=settings.cloud is not None,
        origins=frozenset(origin.rstrip("/").encode() for origin in settings.allow_origin),
        limiter=CloudLimiter(built.clock) if settings.enforces_limits else NoLimiter(),
    )
    application = build_application(built.services, options)
    settle_memory()
    try:
        return await run(application, listener, lambda: announce(_started(settings, listener, built)))
    finally:
        await built.engine.aclose()
        built.log.close()
        built.services.store.close()


async def build(settings: ServerSettings, port: int, origin: str) -> Built:
    """Open store and vault, make what a first start makes, and build the services.

    Args:
        settings: with a data directory that exists.
        port: the server's own, which data actions must not call.
        origin: scheme, host and port under which the server is reached.

    Raises:
        OperationRefused: key, database or catalog are not as they should be.
    """
    clock, ids = SystemClock(), SystemIds(settings.seed)
    catalog = load_catalog(settings.catalog)
    store = open_store(settings.database_url)
    try:
        wrapped = await store.read(lambda transaction: list(transaction.keyring.all()))
        vault, new_keys = open_vault(settings.key_file, wrapped, now=clock.now())
        identity = IdentityService(store, vault, clock, ids)
        first_start = await store.write(
            lambda transaction: _first_start(transaction, settings, identity, new_keys)
        )
        client = await store.read(_first_client)
        ids.move_on(await store.read(_changes))
    except BaseException:
        store.close()
        raise
    try:
        limits = organization_limits(settings, catalog.limits)
        engine = build_engine(settings, clock, port, origin, limits)
    except BaseException:
        store.close()
        raise
    log = open_log(settings, clock)
    manners = PROMPT if settings.cloud is None else CloudManners(clock, settings.cloud)
    services = assemble(
        store,
        vault,
        engine,
        catalog,
        identity,
        clock,
        ids,
        manners,
        origin,
        upstream=engine.upstream,
        tls=outgoing_tls(settings),
        implicit_grant=settings.implicit_grant,
        log=log,
        limits=limits,
        resettable=settings.ephemeral or settings.allow_reset,
    )
    await services.snapshots.begin()
    return Built(services, engine, log, vault, clock, ids, client, first_start)


def open_log(settings: ServerSettings, clock: Clock) -> ExecutionLog:
    """Open the log of executions in the data directory."""
    if not settings.log_days:
        return NoExecutionLog()
    return SqliteExecutionLog(
        settings.data_dir / FILE_NAME,
        clock,
        days=settings.log_days,
        rows=settings.log_rows,
        bodies=settings.log_bodies,
    )


def incoming_tls(settings: ServerSettings) -> SSLContext | None:
    """Return what the server serves https with, None for plain HTTP.

    Raises:
        OperationRefused: the files cannot be used, or one was given without the other.
    """
    if (settings.tls_cert is None) != (settings.tls_key is None):
        given, missing = ("--tls-cert", "--tls-key")[:: 1 if settings.tls_cert else -1]
        raise refused_setting(missing, "both files, certificate and key", f"{given} alone")
    if settings.tls_cert is None or settings.tls_key is None:
        return None
    try:
        return tls_context(settings.tls_cert, settings.tls_key)
    except (OSError, ValueError) as fault:
        wanted = "PEM files of a certificate and of its unencrypted key"
        reason = fault.strerror if isinstance(fault, OSError) and fault.strerror else str(fault)
        raise refused_setting("--tls-cert", wanted, f"{settings.tls_cert}: {reason}") from fault


def assemble(
    store: Store,
    vault: Vault,
    engine: ActionEngine,
    catalog: Catalog,
    identity: IdentityService,
    clock: Clock,
    ids: RepeatableIds,
    manners: Manners = PROMPT,
    origin: str = "",
    *,
    upstream: Upstream,
    tls: TlsFiles | None = None,
    implicit_grant: bool = False,
    log: ExecutionLog | None = None,
    limits: OrganizationLimits | None = None,
    resettable: bool = False,
) -> Services:
    """Build the services on their adapters; every change drops what is cached about what it changed.

    Args:
        upstream: the way out, for checks of credentials.
        tls: what outgoing connections trust and present; the system's authorities and nothing if None.
        origin: scheme, host and port under which the server is reached.
        log: of executions; none is kept if None.
        limits: of data actions; the cloud's, not enforced, if None.
        resettable: whether callers may take the whole state and bring it back.
    """
    limits = limits or OrganizationLimits(catalog.limits)
    log = log or NoExecutionLog()
    execution = ExecutionService(store, vault, engine, catalog, clock, log, manners)
    mutations = Mutations(store, clock, ids, changed=execution.forget)
    integrations = IntegrationService(store, mutations, catalog, clock, ids, manners, origin)
    checks = CredentialCheckService(store, vault, Probe(upstream, clock), identity, clock)
    of_identities = Mutations(store, clock, ids, changed=identity.forget)
    throttle = Throttle(clock)
    return Services(
        integrations=integrations,
        credentials=CredentialService(store, mutations, vault, catalog, clock, ids, manners),
        actions=ActionService(store, mutations, catalog, clock, ids, manners, limits),
        drafts=DraftService(store, mutations, catalog, clock, ids, manners, limits),
        execution=execution,
        executions=LoggedExecutionService(log, execution),
        identity=identity,
        limits=LimitService(limits),
        audit=AuditService(store, clock),
        snapshots=SnapshotService(
            store,
            # Ids of its own: the sequence of a seed is taken back, and none may come twice.
            Mutations(store, clock, SystemIds(), changed=lambda: None),
            ids,
            lambda: forget_everything(execution, identity, engine),
            allowed=resettable,
        ),
        webhooks=WebhookService(store, clock, ids),
        uses=CredentialUseService(store),
        checks=checks,
        rotations=RotationService(store, mutations, vault, catalog, clock, checks),
        presences=PresenceService(store, mutations, clock, integrations),
        bots=BotService(store, mutations, clock, integrations),
        certificates=CertificateService(tls or TlsFiles()),
        grants=GrantService(
            store, of_identities, vault, identity, clock, ids, throttle, implicit=implicit_grant
        ),
        users=UserService(store, of_identities, vault, clock, ids),
        roles=RoleService(store, of_identities, catalog, clock, ids),
        groups=GroupService(store, of_identities, clock, ids),
        oauth_clients=OAuthClientService(store, of_identities, vault, clock, ids),
        data_tables=DataTableService(store, of_identities, clock, ids),
        catalog=catalog,
        store=store,
    )


def forget_everything(execution: ExecutionService, identity: IdentityService, engine: ActionEngine) -> None:
    """Drop whatever is cached about the contents of the store."""
    execution.forget()
    identity.forget()
    engine.forget_logins()


def _first_start(
    transaction: Transaction,
    settings: ServerSettings,
    identity: IdentityService,
    new_keys: tuple[WrappedKey, ...],
) -> FirstStart | None:
    """Make keys and organization in one transaction: a killed first start leaves nothing half made."""
    for key in new_keys:
        transaction.keyring.add(key)
    if transaction.identities.organization() is not None:
        identity.complete_organization(transaction)
        return None
    presets = settings.bootstrap
    return identity.found_organization(
        transaction,
        client_id=presets.client_id,
        client_secret=presets.client_secret,
        admin_password=presets.admin_password,
    )


def _first_client(transaction: Transaction) -> OAuthClient | None:
    organization = transaction.identities.organization()
    clients = transaction.identities.clients(organization.id) if organization else ()
    return clients[0] if clients else None


def _changes(transaction: Transaction) -> int:
    organization = transaction.identities.organization()
    return transaction.audit.page(organization.id, PageRequest(size=1)).total if organization else 0


def _started(settings: ServerSettings, listener: Listener, built: Built) -> Started:
    first = built.first_start
    return Started(
        url=listener.url,
        client_id=built.client.id if built.client else "",
        client_secret=first.client_secret if first else None,
        admin_user=ADMIN_EMAIL,
        admin_password=first.admin_password if first else None,
        pid=os.getpid(),
        settings=settings,
    )
