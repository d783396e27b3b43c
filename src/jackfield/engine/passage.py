"""One run on its way through the steps: what each step leaves for the next."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from jackfield.domain.finding import Finding
from jackfield.domain.login import Login, secrets_in
from jackfield.domain.masking import Masker
from jackfield.domain.run import Run, RunMode
from jackfield.engine.context import secrets_of
from jackfield.engine.target import Target
from jackfield.engine.templates import CompiledAction
from jackfield.engine.upstream import InboundReply


class Passage:
    """The state of one run.

    Args:
        run: what was asked.
        compiled: the action in compiled form.
        deadline: in the clock's monotonic seconds.
        base: what relative URLs begin with; "" where URLs are absolute.
    """

    __slots__ = (
        "_masker",
        "_secrets",
        "authorization",
        "base",
        "body",
        "buffered",
        "close",
        "compiled",
        "context",
        "deadline",
        "document",
        "failed_step",
        "final",
        "headers",
        "login",
        "login_kept",
        "login_renewed",
        "output",
        "reply",
        "result_text",
        "run",
        "target",
        "testing",
        "upstream_seconds",
        "url",
        "value",
        "variables",
        "warnings",
    )

    def __init__(self, run: Run, compiled: CompiledAction, deadline: float, base: str = "") -> None:
        self.run, self.compiled, self.deadline, self.base = run, compiled, deadline, base
        self.testing = run.mode is RunMode.TEST
        self.context: dict[str, Any] = {}
        self.authorization: str | None = None
        self.url = self.failed_step = ""
        self.target: Target | None = None
        self.headers: Sequence[tuple[str, str]] = ()
        self.body: bytes | None = None
        self.buffered = self.close = False
        self.reply: InboundReply | None = None
        self.result_text = self.output = self.final = ""
        self.document: Any = None
        self.value: Any = None
        self.variables: dict[str, str] = {}
        self.warnings: list[Finding] = []
        self.upstream_seconds = 0.0
        self.login: Login | None = None
        self.login_kept = self.login_renewed = False
        self._secrets: list[str] = []
        self._masker: Masker | None = None

    @property
    def masker(self) -> Masker:
        """Masks this run's secrets; made when first needed."""
        if self._masker is None:
            secrets = secrets_of(self.run.credentials)
            if self.authorization is not None:
                secrets.append(self.authorization.partition(" ")[2])
            secrets.extend(self._secrets)
            self._masker = Masker(secrets)
        return self._masker

    def use(self, login: Login, *, kept: bool) -> None:
        """Take what a login gave; templates see it as `authResponse`.

        Args:
            login: what it gave.
            kept: it was made before this run, so it may have gone stale.
        """
        self.login, self.login_kept = login, kept
        if login.authorization is not None:
            self.authorization = login.authorization.reveal()
        if login.response is not None:
            self.context["authResponse"] = login.response
        self.hide(secret.reveal() for secret in login.secrets)

    def hide_reply(self) -> None:
        """Take what this login's own reply holds for secrets."""
        self.hide(secret.reveal() for secret in secrets_in(self.document))

    def hide(self, secrets: Iterable[str]) -> None:
        """Mask these, too, from now on."""
        self._secrets.extend(secrets)
        self._masker = None

    @property
    def size(self) -> int:
        """How much text a trace of this run may have to show, in characters or bytes."""
        return len(self.output) + len(self.body or b"") + (len(self.reply.body) if self.reply else 0)

    @property
    def host(self) -> str:
        """The host of the rendered URL, for messages."""
        return self.target.host if self.target is not None else "the web service"
