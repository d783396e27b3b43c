"""One run on its way through the steps: what each step leaves for the next."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from jackfield.domain.finding import Finding
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
    """

    __slots__ = (
        "_masker",
        "authorization",
        "body",
        "buffered",
        "close",
        "compiled",
        "context",
        "deadline",
        "document",
        "final",
        "headers",
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

    def __init__(self, run: Run, compiled: CompiledAction, deadline: float) -> None:
        self.run, self.compiled, self.deadline = run, compiled, deadline
        self.testing = run.mode is RunMode.TEST
        self.context: dict[str, Any] = {}
        self.authorization: str | None = None
        self.url = ""
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
        self._masker: Masker | None = None

    @property
    def masker(self) -> Masker:
        """Masks this run's secrets; made when first needed."""
        if self._masker is None:
            secrets = secrets_of(self.run.credentials)
            if self.authorization is not None:
                secrets.append(self.authorization.partition(" ")[2])
            self._masker = Masker(secrets)
        return self._masker

    @property
    def size(self) -> int:
        """How much text a trace of this run may have to show, in characters or bytes."""
        return len(self.output) + len(self.body or b"") + (len(self.reply.body) if self.reply else 0)

    @property
    def host(self) -> str:
        """The host of the rendered URL, for messages."""
        return self.target.host if self.target is not None else "the web service"
