"""Which finding answers the question, and which only came along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from jackfield.domain.catalogue import CATALOGUE
from jackfield.domain.finding import Finding, Rank, Severity
from jackfield.explain.explanation import RankedFinding

_RANKS: Final = (Rank.CAUSE, Rank.ARTEFACT, Rank.DIFFERENCE)
_SEVERITIES: Final = (Severity.ERROR, Severity.WARNING, Severity.NOTE)
_FIRST: Final = (
    "REGION_HOST",
    "PATH_UNKNOWN",
    "METHOD_NOT_ALLOWED",
    "AUTHORIZATION_NOT_BEARER",
    "CONTENT_TYPE_NOT_JSON",
    "RESPONSE_SENT_AS_BODY",
    "BODY_IN_A_LIST",
    "BODY_WRAPPED",
    "BODY_ENCODED_TWICE",
    "WHOLE_INTEGRATION_SENT",
    "CURL_QUOTING",
    "SHELL_EXPANDS",
    "CREDENTIALS_BARE_INFO",
)
_LAST: Final = ("MEMBER_MISSING",)


def ranked(findings: Sequence[RankedFinding]) -> tuple[RankedFinding, ...]:
    """Return findings, the likeliest reason first.

    If nothing but paste artefacts could have refused the request, they are the cause: then it was sent as it
    stands in the text.
    """
    refusing = [one for one in findings if one.finding.is_error]
    if refusing and all(one.rank is Rank.ARTEFACT for one in refusing):
        findings = [
            replace(one, rank=Rank.CAUSE) if one.rank is Rank.ARTEFACT and one.finding.is_error else one
            for one in findings
        ]
    return tuple(sorted(findings, key=_order))


def rank_of(finding: Finding) -> Rank:
    """Return what the catalogue says about a finding; a warning is no cause unless its entry says so."""
    entry = CATALOGUE[finding.code]
    if entry.ranked is None and finding.severity is not Severity.ERROR:
        return Rank.DIFFERENCE
    return entry.rank


def _order(one: RankedFinding) -> tuple[int, int, int, bool, int, int, int]:
    finding = one.finding
    place = finding.place
    code = finding.code
    weight = _FIRST.index(code) - len(_FIRST) if code in _FIRST else 1 if code in _LAST else 0
    return (
        _RANKS.index(one.rank),
        _SEVERITIES.index(finding.severity),
        weight,
        finding.after_repair,
        one.piece,
        place.line or 0,
        place.column or 0,
    )
