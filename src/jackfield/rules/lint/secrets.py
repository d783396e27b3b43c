"""Secrets that everybody can read who may see the action."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from jackfield.domain.secret import MASK
from jackfield.domain.sensitive import holds_secret
from jackfield.rules.lint.parts import ActionParts, TemplateText
from jackfield.rules.lint.pieces import leaves
from jackfield.rules.lint.positions import Position, landings
from jackfield.rules.lint.report import Suspicion, suspect, suspect_text

_VALUE: Final = r"[A-Za-z0-9+/=_.~-]{8,}"
_SCHEME: Final = re.compile(rf"\s*(?:Basic|Bearer|Token|ApiKey|Key)\s+({_VALUE})\s*\Z", re.IGNORECASE)
_KEY_HEADER: Final = re.compile(
    r"(?:^|[-_])(?:api[-_]?key|auth(?:orization)?|subscription-key|access[-_]?key)", re.I
)
_PAIR: Final = re.compile(rf"(?:^|[?&])([\w.-]+)=({_VALUE})(?=&|\s*$)", re.MULTILINE)
_MEMBER: Final = re.compile(r'"([\w.-]+)"\s*:\s*"([^"$\\]{4,})"')
# What only secrets look like: AWS keys, JSON web tokens, tokens of code hosts, chats, payment services.
_KNOWN: Final = re.compile(
    r"\bAKIA[0-9A-Z]{16}\b|\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]*|\bgh[pousr]_[A-Za-z0-9]{30,}"
    r"|\bxox[abprs]-[\w-]{10,}|\b[sr]k_live_[A-Za-z0-9]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]*"
)
_HARMLESS: Final = re.compile(
    r"(?:x+|\*+|\.+|changeme|example|none|null|true|false|string|password)\Z", re.IGNORECASE
)
_PLACEHOLDER: Final = re.compile(r"[\[<{]|your", re.IGNORECASE)


def literals(parts: ActionParts) -> Iterator[Suspicion]:
    """Secrets written into templates."""
    for template, start, end, what in _spans(parts):
        yield suspect(
            parts,
            "SECRET_IN_LITERAL",
            template.pointer,
            offset=start,
            width=end - start,
            what=what,
            template=template.name,
            seen=MASK,
        )


def secret_texts(parts: ActionParts) -> tuple[str, ...]:
    """Return the secrets that stand in an action's templates, to be covered wherever lines are quoted."""
    return tuple(template.text[start:end] for template, start, end, _ in _spans(parts))


def _spans(parts: ActionParts) -> Iterator[tuple[TemplateText, int, int, str]]:
    for template in (parts.url, *parts.headers, parts.body, parts.success):
        span = _known(template) or _of_kind(parts, template)
        if span is not None:
            yield (template, *span)


def _known(template: TemplateText) -> tuple[int, int, str] | None:
    match = _KNOWN.search(template.text)
    return None if match is None else (match.start(), match.end(), "what looks like a key or token")


def _of_kind(parts: ActionParts, template: TemplateText) -> tuple[int, int, str] | None:
    if template.kind == "header":
        return _in_header(template)
    if template.kind == "success":
        return None
    pattern = _MEMBER if template.kind == "body" and parts.body_kind == "json" else _PAIR
    for match in pattern.finditer(template.text):
        if holds_secret(match[1]) and _is_secret(match[2]):
            return match.start(2), match.end(2), f"a value for `{match[1]}`"
    return None


def _in_header(template: TemplateText) -> tuple[int, int, str] | None:
    text = template.text
    match = _SCHEME.match(text)
    if template.name.lower() in ("authorization", "proxy-authorization") and match is not None:
        return (*match.span(1), "a credential")
    named = holds_secret(template.name) or _KEY_HEADER.search(template.name)
    plain = re.fullmatch(rf"\s*({_VALUE})\s*", text)
    if named and plain is not None and _is_secret(plain[1]):
        return (*plain.span(1), "a credential")
    return None


def _is_secret(value: str) -> bool:
    return _HARMLESS.match(value) is None and _PLACEHOLDER.search(value) is None


def in_urls(parts: ActionParts) -> Iterator[Suspicion]:
    """Credentials in the query of the URL."""
    for landing in landings(parts, parts.url):
        for leaf in leaves(landing.hole):
            secret = leaf.root == "authResponse" or (leaf.root == "credentials" and holds_secret(leaf.name))
            if landing.position is Position.QUERY and secret:
                hole = landing.hole
                yield suspect_text(
                    parts, "CREDENTIAL_IN_URL", parts.url, hole.offset, hole.text, name=leaf.path
                )
                return
