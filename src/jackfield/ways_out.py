"""The ways out of the server, as its settings say: to web services and to the platform."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import structlog

from jackfield.client.regions import locate
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.limits import CONCURRENCY, VOLUME, OrganizationLimits, settled_limits
from jackfield.domain.ports import Clock
from jackfield.engine.dialect import Dialect
from jackfield.engine.egress import HttpUpstream
from jackfield.engine.egress.bounds import EgressLimits
from jackfield.engine.egress.proxy import PROXY_FORM, EgressProxy, parse_proxy
from jackfield.engine.egress.tls import ClientCertificate, TlsFiles, TlsUnusable, trusting_only
from jackfield.engine.guard import OnlyPort, UpstreamPolicy
from jackfield.engine.limits import EngineLimits
from jackfield.engine.pipeline import Engine
from jackfield.engine.platform import Platform
from jackfield.engine.stubs import StubUpstream
from jackfield.engine.upstream import Upstream
from jackfield.settings import ServerSettings

if TYPE_CHECKING:
    from jackfield.engine.faults.injection import FaultRule, Faults
    from jackfield.engine.upstream import OutboundRequest

STUBBED_API = "https://api.mypurecloud.com"
"""What the host's folder of stubs is called; likewise in tests without a server."""
_STUBS = "stub:"
_LIMIT = re.compile(r"[1-9][0-9]{0,8}", re.ASCII)


def live_upstream(
    settings: ServerSettings,
    port: int,
    clock: Clock,
    hosts: tuple[str, ...] = (),
    *,
    concurrency: int | None = EngineLimits().concurrency,
) -> HttpUpstream:
    """Return the way out to real web services.

    Args:
        port: the server's own, which data actions must not call.
        hosts: may have private addresses besides those that the settings allow.
        concurrency: runs that may be under way; None for no bound.

    Raises:
        OperationRefused: a setting of outgoing calls cannot be used.
    """
    allowed = (*settings.allow_upstream, *hosts)
    policy = UpstreamPolicy(settings.upstream_mode, allowed, frozenset({port}))
    tls, proxy = outgoing_tls(settings), outgoing_proxy(settings)
    try:
        bounds = EgressLimits.for_runs(concurrency)
        return HttpUpstream(policy, clock, limits=bounds, tls=tls, proxy=proxy)
    except ValueError as error:
        wanted = "a network such as 10.0.0.0/8, an address, or a host name"
        raise refused_setting("--allow-upstream", wanted, ", ".join(settings.allow_upstream)) from error


def outgoing_proxy(settings: ServerSettings) -> EgressProxy | None:
    """Return the proxy that outgoing connections are made through.

    Raises:
        OperationRefused: the setting names none.
    """
    if settings.egress_proxy is None:
        return None
    try:
        return parse_proxy(settings.egress_proxy.reveal(), resolves=settings.egress_proxy_resolves)
    except ValueError as error:
        # The URL itself may hold a password and is not repeated.
        raise refused_setting("--egress-proxy", PROXY_FORM, str(error)) from None


def organization_limits(settings: ServerSettings, usual: Mapping[str, int]) -> OrganizationLimits:
    """Return the limits of data actions that the settings ask for.

    Args:
        usual: the cloud's, by key.

    Raises:
        OperationRefused: a setting names no limit, or no number.
    """
    changed = {}
    for text in settings.limit:
        key, _, value = text.partition("=")
        if key not in usual or not _LIMIT.fullmatch(value):
            wanted = f"KEY=VALUE with a whole number of at least 1 and one of the keys {', '.join(usual)}"
            raise refused_setting("--limit", wanted, text)
        changed[key] = int(value)
    return settled_limits(usual, changed, simulated=settings.enforces_limits)


def build_engine(
    settings: ServerSettings, clock: Clock, port: int, origin: str, limits: OrganizationLimits | None = None
) -> Engine:
    """Build the engine and its ways out.

    Args:
        settings: what `jackfield up` was told.
        clock: for deadlines.
        port: the server's own.
        origin: scheme, host and port under which the server is reached.
        limits: of the organization.

    Raises:
        OperationRefused: a setting cannot be used.
    """
    bounds = engine_limits(limits)
    upstream: Upstream = live_upstream(settings, port, clock, concurrency=bounds.concurrency)
    platform = build_platform(settings, clock, port, origin)
    faults = switched_on(settings, clock)
    if faults is not None:
        upstream = faults.before(upstream)
        platform = replace(platform, upstream=faults.before(platform.upstream)) if platform else None
    dialect = Dialect(settings.null_formal, settings.directives)
    prompt = upstream if isinstance(upstream, HttpUpstream) else None
    return Engine(upstream, clock, limits=bounds, platform=platform, prompt=prompt, dialect=dialect)


def engine_limits(limits: OrganizationLimits | None) -> EngineLimits:
    """Return the bounds of runs; those of the engine itself where the organization's say nothing."""
    if limits is None:
        return EngineLimits()
    return EngineLimits(concurrency=limits.bound(CONCURRENCY), volume=limits.bound(VOLUME))


def switched_on(settings: ServerSettings, clock: Clock) -> Faults | None:
    """Return the faults that data actions meet, None for none.

    Raises:
        OperationRefused: the file cannot be read; the findings say what is wrong where.
    """
    if settings.faults is None:
        return None
    # Faults are for those who try things out: a server without them does not load them.
    from jackfield.engine.faults.injection import Faults
    from jackfield.workbench.faults_file import read_faults_file

    file = read_faults_file(settings.faults)
    seed = next((one for one in (file.seed, settings.seed) if one is not None), 0)
    log = structlog.get_logger()

    def told(rule: FaultRule, request: OutboundRequest) -> None:
        log.warning("fault", fault=rule.name, host=request.target.host, action=request.action_id)

    return Faults(file.rules, clock, seed=seed, told=told)


def build_platform(settings: ServerSettings, clock: Clock, port: int, origin: str) -> Platform | None:
    """Return where actions on the platform go, None if nowhere.

    Args:
        settings: the hosts of a platform that is named there may be private.
        clock: for deadlines.
        port: the server's own.
        origin: scheme, host and port under which the server is reached.

    Raises:
        OperationRefused: the setting names nothing.
    """
    wanted = settings.platform
    if not wanted:
        return None
    if wanted == "self":
        # The one way by which an action reaches its own server.
        tls = trusting_only(settings.tls_cert) if settings.tls_cert is not None else None
        return Platform(origin, origin, HttpUpstream(UpstreamPolicy(), clock, tls=tls, judge=OnlyPort(port)))
    if wanted.startswith(_STUBS):
        folder = Path(wanted.removeprefix(_STUBS))
        if not folder.is_dir():
            raise refused_setting("--platform", "a folder of stubs that is there", wanted)
        stubs = StubUpstream(folder, EngineLimits().response_bytes)
        return Platform(STUBBED_API, STUBBED_API, stubs, stubbed=True)
    addresses = locate(wanted)
    hosts = {urlsplit(address).hostname or "" for address in (addresses.api, addresses.login)}
    return Platform(
        addresses.api, addresses.login, live_upstream(settings, port, clock, tuple(sorted(hosts)))
    )


def outgoing_tls(settings: ServerSettings) -> TlsFiles:
    """Return what outgoing connections trust and present.

    Raises:
        OperationRefused: a file cannot be used, or the certificate was given without its key.
    """
    if (settings.client_cert is None) != (settings.client_key is None):
        given, missing = ("--client-cert", "--client-key")[:: 1 if settings.client_cert else -1]
        raise refused_setting(missing, "both files, certificate and key", f"{given} alone")
    if settings.trust_dir is not None and not settings.trust_dir.is_dir():
        raise refused_setting("--trust-dir", "a folder that is there", str(settings.trust_dir))
    own = None
    if settings.client_cert is not None and settings.client_key is not None:
        own = ClientCertificate(settings.client_cert, settings.client_key)
    tls = TlsFiles(settings.trust_dir, own, settings.egress_ca)
    try:
        tls.check()
    except TlsUnusable as unusable:
        name = "--egress-ca" if unusable.path == settings.egress_ca else "--client-cert"
        raise refused_setting(name, "PEM files that can be used", str(unusable)) from unusable
    return tls


def refused_setting(name: str, wanted: str, seen: str) -> OperationRefused:
    """Return the refusal of a setting, for exit code 3."""
    finding = found("SETTING_REFUSED", Place(name), name=name, wanted=wanted, seen=seen)
    return OperationRefused(finding, exit_code=3)
