"""Lint: what is wrong with a data action, and what is suspected, beyond what the server refuses.

Each rule is a function of an action's parts that yields findings. None of them makes an error of what the
server would accept: errors are made by the checks that the server runs too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from jackfield.rules.lint import (
    contracts,
    escaping,
    inputs,
    leniency,
    macros,
    requests,
    results,
    secrets,
    translation,
)
from jackfield.rules.lint.parts import ActionParts, LintOptions
from jackfield.rules.lint.report import Rule, Splice, Suspicion
from jackfield.rules.lint.secrets import secret_texts

__all__ = ["RULES", "ActionParts", "LintOptions", "Splice", "Suspicion", "lint_action", "secret_texts"]

RULES: Final[tuple[Rule, ...]] = (
    requests.address,
    requests.url_text,
    requests.placeholders,
    requests.headers,
    requests.bodies,
    requests.availability,
    secrets.literals,
    secrets.in_urls,
    escaping.unescaped,
    escaping.twice,
    escaping.without_quotes,
    inputs.optional,
    inputs.quoting,
    inputs.unused,
    inputs.defaults,
    inputs.secrets,
    inputs.spelling,
    translation.used,
    translation.names,
    translation.paths,
    translation.defaults,
    results.json_form,
    results.quotes,
    results.compared,
    results.firsts,
    results.contract,
    results.promises,
    macros.calls,
    macros.members,
    macros.single_quotes,
    macros.directives,
    macros.assignments,
    contracts.schemas,
    leniency.leniency,
)


def lint_action(parts: ActionParts) -> Iterator[Suspicion]:
    """Yield what the rules find in an action."""
    for rule in RULES:
        yield from rule(parts)
