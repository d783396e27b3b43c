"""The only reader of the environment, and the typed settings of the server.

Order of precedence, as everywhere: flag, environment, built-in default. A value that cannot be read is
refused with the name of the setting, what was seen and what is accepted.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret

Limits = Literal["off", "cloud"]
Upstreams = Literal["public", "loopback", "auto"]

DEFAULT_DATA_DIR = Path(".jackfield")
LOOPBACK_HOSTS = ("127.0.0.1", "::1", "localhost")


@dataclass(frozen=True, slots=True)
class Bootstrap:
    """Presets for the start that creates the data directory; None means: make one up and show it once."""

    client_id: str | None = None
    client_secret: Secret | None = None
    admin_password: Secret | None = None


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """Everything `jackfield up` can be told.

    Args:
        host: address to listen on.
        port: 0 picks a free port.
        data_dir: database, key file and logs; created on the first start.
        database: SQLAlchemy URL; "" is the SQLite file in the data directory.
        ephemeral: keep nothing after the server stops.
        limits: `cloud` enforces the cloud's limits.
        limit: other values of data actions' limits, `KEY=VALUE`; they are enforced in any case.
        upstreams: which addresses data actions may call; `auto` allows loopback while listening on loopback.
        allow_upstream: CIDRs or host names that are allowed besides.
        catalog: folder with more integration types.
        allow_reset: whether callers may reset, take and restore the whole state.
        seed: makes ids repeatable (secrets stay random).
        strict: warnings refuse.
        platform: where actions on the platform go: `self`, a region, host or URL, `stub:DIR`; "" for nowhere.
        null_formal: what `${x}` prints when `x` is null: its own text, or an error.
        directives: what becomes of loops and macros in templates.
        trust_dir: folder of the integrations' own trust stores, `<integration id>.pem`.
        client_cert: PEM file of the certificate that outgoing calls present, with `client_key`.
        implicit_grant: whether logins may be answered with a token in the address.
        allow_origin: origins whose pages may call the API from a browser; none named means all.
        tls_cert: PEM file of the certificate that the server shows, with `tls_key`; None for plain HTTP.
        cloud: seed of the cloud's manners (`--as cloud`); None for our own.
        egress_proxy: URL of the proxy that data actions call through, with its password; None for none.
        egress_proxy_resolves: the proxy is given names, not addresses.
        egress_ca: PEM file of authorities that outgoing calls trust besides the system's.
        faults: file of faults that data actions meet; None for none.
        log_days: how long the log keeps executions; 0 keeps no log.
        log_rows: how many executions it keeps at most.
        log_bodies: it keeps inputs and results, too, masked.
        bootstrap: presets of the first start.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path = DEFAULT_DATA_DIR
    database: str = ""
    ephemeral: bool = False
    limits: Limits = "off"
    limit: tuple[str, ...] = ()
    upstreams: Upstreams = "auto"
    allow_upstream: tuple[str, ...] = ()
    catalog: Path | None = None
    allow_reset: bool = False
    seed: int | None = None
    strict: bool = False
    implicit_grant: bool = False
    allow_origin: tuple[str, ...] = ()
    tls_cert: Path | None = None
    tls_key: Path | None = None
    trust_dir: Path | None = None
    client_cert: Path | None = None
    client_key: Path | None = None
    cloud: int | None = None
    egress_proxy: Secret | None = None
    egress_proxy_resolves: bool = False
    egress_ca: Path | None = None
    faults: Path | None = None
    platform: str = ""
    null_formal: Literal["literal", "error"] = "literal"
    directives: Literal["deny", "warn", "allow"] = "warn"
    log_days: int = 14
    log_rows: int = 1_000_000
    log_bodies: bool = False
    console: bool = True
    log_level: str = "info"
    bootstrap: Bootstrap = field(default_factory=Bootstrap)

    @property
    def enforces_limits(self) -> bool:
        """True if requests are counted as the cloud counts them."""
        return self.limits == "cloud" or self.cloud is not None

    @property
    def listens_on_loopback(self) -> bool:
        """True if nobody but this machine can reach the server."""
        return self.host in LOOPBACK_HOSTS or self.host.startswith("127.")

    @property
    def upstream_mode(self) -> Literal["public", "loopback"]:
        """`upstreams` with `auto` settled."""
        if self.upstreams == "auto":
            return "loopback" if self.listens_on_loopback else "public"
        return self.upstreams

    @property
    def key_file(self) -> Path:
        """The master key of the vault."""
        return self.data_dir / "master.key"

    @property
    def database_url(self) -> str:
        """The database, the SQLite file in the data directory if none was named."""
        return self.database or f"sqlite:///{(self.data_dir / 'jackfield.db').absolute()}"


def read_environment() -> Mapping[str, str]:
    """Return a copy of the process environment; the client's profiles are resolved from it."""
    return dict(os.environ)


def read_bootstrap(environment: Mapping[str, str]) -> Bootstrap:
    """Return the presets of the first start (`JACKFIELD_BOOTSTRAP_*`).

    Raises:
        OperationRefused: a preset secret is too short to be one.
    """
    prefix = "JACKFIELD_BOOTSTRAP_"
    return Bootstrap(
        client_id=environment.get(f"{prefix}CLIENT_ID") or None,
        client_secret=_secret(environment, f"{prefix}CLIENT_SECRET"),
        admin_password=_secret(environment, f"{prefix}ADMIN_PASSWORD"),
    )


def _secret(environment: Mapping[str, str], name: str) -> Secret | None:
    text = environment.get(name, "")
    if text and len(text) < 8:
        raise OperationRefused(
            found(
                "SETTING_REFUSED",
                Place(name),
                name=name,
                seen=f"{len(text)} characters",
                wanted="8 or more characters",
            )
        )
    return Secret(text) if text else None
