"""The likely cause of a syntax error, in one sentence that says what to write instead."""

from __future__ import annotations

import re

from jackfield.velocity.nodes import Place

_BLOCK_WORDS = {"END": "#end", "ELSE": "#else", "ELSEIF": "#elseif"}
_NAMES = {
    "RPAREN": "`)`",
    "LPAREN": "`(`",
    "REFMOD2_RPAREN": "`)`",
    "RCURLY": "`}`",
    "INDEX_RBRACKET": "`]`",
    "RBRACKET": "`]`",
    "EQUALS": "`=`",
    "COLON": "`:`",
    "END": "`#end`",
    "IDENTIFIER": "a variable name",
}


def hint_for(
    seen: str,
    kind: str,
    expected: tuple[str, ...],
    open_directives: list[tuple[str, Place]],
    text: str,
    offset: int,
) -> str:
    """A hint for the token ``seen`` at ``offset``; an empty string when nothing better is known."""
    line = _line_around(text, offset)
    if seen == "<EOF>":
        return _at_the_end(expected, open_directives)
    if kind in _BLOCK_WORDS and not open_directives:
        return f"{_BLOCK_WORDS[kind]} closes nothing: there is no open #if or #foreach before it."
    if kind == "ELSEIF" or (kind == "ELSE" and open_directives):
        name, place = open_directives[-1]
        word = _BLOCK_WORDS[kind]
        return f"{word} cannot follow here: {name} of line {place.line} has had its #else, or takes none."
    if kind.startswith("LEXICAL"):
        return _lexical(seen, kind, line)
    if kind == "INTEGER_LITERAL" and seen.startswith("-"):
        return f"`{seen}` is read as a negative number; put blanks around the minus: `- {seen[1:]}`."
    if "EQUALS" in expected and kind in ("RPAREN", "LOGICAL_EQUALS"):
        return "#set needs one `=` and a value: #set($name = value)."
    if kind == "EQUALS":
        return "Compare with `==`; a single `=` only assigns, and only in #set."
    if re.search(r"https?://|[?&]\w*\$|\$(?:filter|select|top|skip|expand|orderby)\b", line):
        return "A `$` that belongs to the URL is read as a variable; write ${esc.dollar} for it."
    if kind in ("WORD", "IDENTIFIER"):
        return f"Text must be quoted ('{seen}'), a variable needs its dollar (${seen})."
    return _needed(expected)


def _at_the_end(expected: tuple[str, ...], open_directives: list[tuple[str, Place]]) -> str:
    if open_directives:
        name, place = open_directives[-1]
        if "END" in expected or not expected:
            return f"{name} of line {place.line}, column {place.column} is never closed: #end is missing."
        return f"{name} of line {place.line}, column {place.column} is incomplete. {_needed(expected)}"
    return _needed(expected) or "Something that was opened before this place is never closed."


def _needed(expected: tuple[str, ...]) -> str:
    names = [_NAMES[kind] for kind in expected if kind in _NAMES]
    if 0 < len(names) <= 2:
        return f"{' or '.join(dict.fromkeys(names))} is missing here."
    return ""


def _lexical(seen: str, kind: str, line: str) -> str:
    if seen in "'\"":
        return f"The quote {seen} is never closed; a quote inside a quoted string is doubled."
    if seen in "|&":
        return "Use `&&` and `||`."
    if seen == "." and kind == "LEXICAL_DIRECTIVE":
        return "A property needs a letter after its dot."
    if seen == "(":
        return "Brackets cannot stand inside a call's arguments; #set the value before."
    if "]]#" not in line and "#[[" in line:
        return "#[[ is never closed: ]]# is missing."
    return f"`{seen}` has no meaning in an expression; text must be quoted."


def _line_around(text: str, offset: int) -> str:
    start = text.rfind("\n", 0, offset) + 1
    end = text.find("\n", offset)
    return text[start : end if end >= 0 else len(text)]
