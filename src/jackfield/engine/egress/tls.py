"""What outgoing TLS connections trust and present.

That is the system's authorities, more of them, and a client certificate.

Reading the system's authorities takes longer than starting everything else here, so nothing is read before
the first https connection.
"""

from __future__ import annotations

import re
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Protocol

_CERTIFICATE: Final = re.compile(
    r"-----BEGIN CERTIFICATE-----\s[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----\n?"
)
_FILE_NAME: Final = re.compile(r"[0-9A-Za-z][0-9A-Za-z_-]*\Z")


class Tls(Protocol):
    """Gives connections their TLS context."""

    def group(self, integration_id: str) -> str:
        """Return the name of the integrations that may share connections with this one."""

    def context(self, group: str) -> ssl.SSLContext:
        """Return the context of a group's connections.

        Raises:
            TlsUnusable: the files that it is made of cannot be used.
        """


class TlsUnusable(Exception):
    """A file of certificates or keys cannot be used.

    Args:
        path: the file.
        reason: why, in a few words.
    """

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path, self.reason = path, reason


@dataclass(frozen=True, slots=True)
class ClientCertificate:
    """What this server presents to services that ask for it; both files PEM, the key without a passphrase."""

    certificate: Path
    key: Path


class OneContext:
    """The same context for all.

    Args:
        context: as it is.
    """

    def __init__(self, context: ssl.SSLContext) -> None:
        self._context = context

    def group(self, integration_id: str) -> str:  # noqa: ARG002 - the port's signature
        """Return the one group there is."""
        return ""

    def context(self, group: str) -> ssl.SSLContext:  # noqa: ARG002 - the port's signature
        """Return the one context there is."""
        return self._context


class TlsFiles:
    """Contexts out of files.

    An integration whose trust store stands in the folder (`<integration id>.pem`) trusts what is in it
    besides all that the others trust. A store that is put there, changed or taken away counts from the next
    connection on.

    Args:
        trust_dir: folder of the integrations' trust stores; None for none.
        client_certificate: presented to every service that asks; None for none.
        authorities: PEM file of authorities that are trusted besides the system's; None for none.
    """

    def __init__(
        self,
        trust_dir: Path | None = None,
        client_certificate: ClientCertificate | None = None,
        authorities: Path | None = None,
    ) -> None:
        self._trust_dir, self._client_certificate = trust_dir, client_certificate
        self._authorities = authorities
        self._shared: ssl.SSLContext | None = None
        self._own: dict[str, tuple[tuple[int, int], ssl.SSLContext]] = {}

    def group(self, integration_id: str) -> str:
        """Return the integration itself if it may have a trust store of its own, else the group of all."""
        return integration_id if self._trust_dir is not None else ""

    def context(self, group: str) -> ssl.SSLContext:
        """Return the context of a group's connections.

        Raises:
            TlsUnusable: the files that it is made of cannot be used.
        """
        store = self._store(group)
        if store is None:
            return self._everybodys()
        try:
            status = store.stat()
        except FileNotFoundError:
            self._own.pop(group, None)
            return self._everybodys()
        except OSError as error:
            raise TlsUnusable(store, _reason(error)) from error
        stamp = (status.st_mtime_ns, status.st_size)
        kept = self._own.get(group)
        if kept is None or kept[0] != stamp:
            kept = self._own[group] = (stamp, self._made(store))
        return kept[1]

    def check(self) -> None:
        """Read what all connections share, to find faults before the first connection does.

        Raises:
            TlsUnusable: a file cannot be used.
        """
        if self._client_certificate is not None or self._authorities is not None:
            self._everybodys()

    def presented(self) -> tuple[str, ...]:
        """Return the client certificate as PEM text, if there is one, without what else its file holds."""
        if self._client_certificate is None:
            return ()
        text = self._client_certificate.certificate.read_text(encoding="ascii", errors="replace")
        return tuple(_CERTIFICATE.findall(text)[:1])

    def _store(self, group: str) -> Path | None:
        if self._trust_dir is None or _FILE_NAME.match(group) is None:
            return None
        return self._trust_dir / f"{group}.pem"

    def _everybodys(self) -> ssl.SSLContext:
        if self._shared is None:
            self._shared = self._made(None)
        return self._shared

    def _made(self, store: Path | None) -> ssl.SSLContext:
        context = ssl.create_default_context()
        context.set_alpn_protocols(["http/1.1"])
        for authorities in (self._authorities, store):
            if authorities is not None:
                _trust(context, authorities)
        if self._client_certificate is not None:
            _present(context, self._client_certificate)
        return context


def trusting_only(certificate: Path) -> OneContext:
    """Return the way to a server that shows exactly this certificate, whatever name it is for.

    Args:
        certificate: PEM file; what stands in it is trusted, be it signed by whomever.

    Raises:
        TlsUnusable: the file holds no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
    _trust(context, certificate)
    return OneContext(context)


def _trust(context: ssl.SSLContext, authorities: Path) -> None:
    try:
        context.load_verify_locations(cafile=authorities)
    except ssl.SSLError as error:
        raise TlsUnusable(authorities, "it holds no certificate in PEM form") from error
    except OSError as error:
        raise TlsUnusable(authorities, _reason(error)) from error


def _present(context: ssl.SSLContext, own: ClientCertificate) -> None:
    for path in (own.certificate, own.key):
        try:
            path.open("rb").close()
        except OSError as error:
            raise TlsUnusable(path, _reason(error)) from error
    try:
        # A passphrase would be asked for on the terminal; an empty one makes a locked key a fault instead.
        context.load_cert_chain(own.certificate, own.key, password="")
    except (ssl.SSLError, OSError, ValueError) as error:
        reason = "certificate and key are not PEM files that belong together, or the key has a passphrase"
        raise TlsUnusable(own.certificate, reason) from error


def _reason(error: OSError) -> str:
    return (error.strerror or str(error)).lower()
