"""What an explanation says."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

from jackfield.domain.finding import Finding, Rank
from jackfield.explain.pieces import Piece


@dataclass(frozen=True, slots=True)
class ExplainOptions:
    """What the reader knows besides the text.

    Args:
        type_id: integration type of the integration that the request is about.
        method: HTTP method of a text that is a bare body.
        path: path of a text that is a bare body.
        action: text of the data action that a test result belongs to, or whose inputs a body holds.
        share: mask ids, hosts and names too, so that the answer can be posted.
    """

    type_id: str = ""
    method: str = ""
    path: str = ""
    action: str = ""
    share: bool = False


@dataclass(frozen=True, slots=True)
class RankedFinding:
    """A finding, and what it means for the question why it did not work.

    Args:
        piece: index of the piece in which it was found.
        reason: why it is ranked so, where the text gives evidence; "" else.
    """

    finding: Finding
    rank: Rank
    piece: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class CorrectedRequest:
    """A request as it should have been sent.

    Args:
        method: HTTP method.
        path: from `/api/v2` on; `{name}` stands for what the text does not tell.
        body_text: JSON text, "" without a body; secrets are replaced by placeholders such as `<password>`.
        purpose: which request this is, in a few words.
        operation_id: name of the operation in the Python SDK, "" if it is not known.
        route_path: the operation's path with `{name}` for each parameter.
        host: of the API; a placeholder if the text names none that can be right.
        placeholders: names of what has to be filled in before it can be sent.
    """

    method: str
    path: str
    body_text: str
    purpose: str = ""
    operation_id: str = ""
    route_path: str = ""
    host: str = "api.mypurecloud.com"
    placeholders: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to do next, or to know."""

    text: str


@dataclass(frozen=True, slots=True)
class SecretSeen:
    """A secret that stands in the text; its value is kept nowhere.

    Args:
        kind: such as `bearer token` or `password`.
        line: 1-based line.
        advice: what to do about it.
    """

    kind: str
    line: int
    advice: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the text alone cannot tell.

    Args:
        text: the question.
        answers: integration type ids to choose from, the likeliest first.
        assumed: the one that the explanation goes by until it is answered.
    """

    text: str
    answers: tuple[str, ...]
    assumed: str


@dataclass(frozen=True, slots=True)
class Explanation:
    """The answer.

    Args:
        pieces: what was found in the text, in its order.
        findings: what is wrong, the likeliest reason first.
        corrections: what should have been sent, the one that was asked for first.
        advice: what to do next.
        secrets_seen: secrets that stand in the text.
        question: what would settle the rest; None if nothing is open.
        cover: takes secrets (and, for sharing, ids and names) out of what else is printed about the pieces.
    """

    pieces: tuple[Piece, ...]
    findings: tuple[RankedFinding, ...] = ()
    corrections: tuple[CorrectedRequest, ...] = ()
    advice: tuple[Advice, ...] = ()
    secrets_seen: tuple[SecretSeen, ...] = ()
    question: Question | None = None
    cover: Callable[[str], str] = field(default=str, repr=False, compare=False)
