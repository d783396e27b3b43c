"""Write the table of rules in docs/lint.md; `--check` only tells if it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from jackfield.domain.catalogue import CATALOGUE
from jackfield.rules.lint.examples import EXAMPLES
from jackfield.workbench.linting import FIXABLE

PAGE = Path(__file__).parent.parent / "docs" / "lint.md"
BEGIN = "<!-- The table is made by scripts/lint_page.py -->\n"


def page() -> str:
    """Return the whole page: what stands above the mark as it is, the table below it anew."""
    head = PAGE.read_text(encoding="utf-8").partition(BEGIN)[0]
    rows = [_row(code) for code in EXAMPLES]
    titles = ["", f"{len(rows)} rules.", "", "| rule | says | wrong | right | fix |", "|---|---|---|---|---|"]
    return "\n".join([head + BEGIN + titles[0], *titles[1:], *rows, ""])


def _row(code: str) -> str:
    entry = CATALOGUE[code]
    bad, good = EXAMPLES[code].shown()
    kind = f"{entry.severity}, {entry.grade}"
    name = f"[{code}](findings.md#{code.lower()})<br>{kind}"
    fix = "yes" if code in FIXABLE else ""
    return f"| {name} | {entry.title} | {_code(bad)} | {_code(good)} | {fix} |"


def _code(text: str) -> str:
    if not text:
        return "–"
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|")


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(f"{PAGE.name} is {'current' if current else 'stale: run python scripts/lint_page.py'}")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
