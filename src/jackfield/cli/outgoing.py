"""What the options of outgoing calls mean, for commands that call services themselves."""

from __future__ import annotations

from pathlib import Path

from jackfield.cli.exit_codes import ExitCode
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.engine.egress.proxy import PROXY_FORM, EgressProxy, parse_proxy
from jackfield.engine.egress.tls import TlsFiles, TlsUnusable


def outgoing_proxy(url: str | None, *, resolves: bool) -> EgressProxy | None:
    """Return the proxy that `--egress-proxy` names, None if it was not given.

    Raises:
        OperationRefused: it names none. The URL may hold a password and is not repeated.
    """
    if not url:
        return None
    try:
        return parse_proxy(url, resolves=resolves)
    except ValueError as error:
        raise _refused("--egress-proxy", PROXY_FORM, str(error)) from None


def outgoing_trust(authorities: Path | None) -> TlsFiles | None:
    """Return what calls trust with `--egress-ca`, None if it was not given.

    Raises:
        OperationRefused: the file cannot be used.
    """
    if authorities is None:
        return None
    tls = TlsFiles(authorities=authorities)
    try:
        tls.check()
    except TlsUnusable as unusable:
        raise _refused("--egress-ca", "PEM files that can be used", str(unusable)) from unusable
    return tls


def _refused(name: str, wanted: str, seen: str) -> OperationRefused:
    finding = found("SETTING_REFUSED", Place(name), name=name, wanted=wanted, seen=seen)
    return OperationRefused(finding, exit_code=ExitCode.USAGE)
