"""Write docs/cli.md out of the commands; `--check` only tells if it is current."""

from __future__ import annotations

import sys
from pathlib import Path

from jackfield.cli.reference import page

PAGE = Path(__file__).parent.parent / "docs" / "cli.md"


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(f"{PAGE.name} is {'current' if current else 'stale: run python scripts/cli_page.py'}")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
