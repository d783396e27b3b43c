"""Write docs/findings.md out of the catalogue of findings; `--check` only tells if it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from jackfield.domain.catalogue import AREAS
from jackfield.domain.catalogue.entry import Entry

PAGE = Path(__file__).parent.parent / "docs" / "findings.md"
HEAD = """# Findings

Every code that Jackfield can answer, generated from the one catalogue (`src/jackfield/domain/catalogue`)
with `python scripts/findings_page.py`. An *error* refuses a request, a *warning* lets it through (unless
the server is `--strict`), a *note* only explains. The grade says how well the rule is known: observed,
documented, inferred or assumed. `{words}` in braces are filled in per case.
"""


def page() -> str:
    """Return the whole page."""
    parts = [HEAD]
    for area in AREAS:
        if area.ENTRIES:
            title = (area.__doc__ or area.__name__).splitlines()[0].rstrip(".")
            parts.append(f"## {title}\n")
            parts += [_section(entry) for entry in sorted(area.ENTRIES, key=lambda entry: entry.code)]
    return "\n".join(parts)


def _section(entry: Entry) -> str:
    return (
        f"### {entry.code}\n\n{entry.title}. *{entry.severity}, {entry.grade}, status {entry.status}"
        f" `{entry.wire_code}`*\n\n{entry.cause}\n\n"
        f"- says: {_plain(entry.message)}\n- accepted: {_plain(entry.accepted)}\n- fix: {_plain(entry.fix)}\n"
    )


def _plain(text: str) -> str:
    return text.replace("{{", "{").replace("}}", "}")


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(f"{PAGE.name} is {'current' if current else 'stale: run python scripts/findings_page.py'}")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
