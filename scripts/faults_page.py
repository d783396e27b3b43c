"""Write docs/faults.md out of the vocabulary of faults; `--check` only tells if it is current."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

from jackfield.engine.faults import SERVICE_FAULTS, ServiceFault

PAGE = Path(__file__).parent.parent / "docs" / "faults.md"
HEAD = """# Faults

What becomes of a data action when the web service behind it, or the way to it, fails; generated from
`src/jackfield/engine/faults` with `python scripts/faults_page.py`.

## The promise

However a service fails, a run ends

- in the finding, status and code of this table, in `execute`, `test` and `draft/test` alike;
- within the action's timeout and a quarter of a second;
- with at most one request for a POST or PATCH, whatever happened to it;
- without a connection or a file left open.

Every line is held by `tests/faults/test_fault_matrix.py`: a real server process, a service that really does
it over a socket, all three ways to run, over a thousand runs. Lines marked with ° have their cause on this
side and are held by tests of their own. What a finding means and how to mend it is in
[findings.md](findings.md).

| name | what happens | finding | status | code |
|---|---|---|---|---|
"""
TAIL = """
## Switching them on

**In a test file** ([the action bench](action-bench.md)) a fault takes the place of a reply; nobody waits
for what only time ends:

```yaml
tests:
  - name: the answer is lost
    reply: {fault: reset-in-body}
    expect: {finding: UPSTREAM_RESET}
```

**On a server** `jackfield up --faults faults.yaml` lets data actions meet them, logins and calls of the
platform included:

```yaml
seed: 7                          # chances are the same on every start
faults:
  - fault: reset                 # every third order is taken by the service, and its answer lost
    action: Create order         # id or name
    every: 3
    service_acts: true
  - status: 429                  # the first two requests of the client are one too many
    headers: {Retry-After: "30"}
    host: "*.example.com"
    times: 2
  - delay: 2.5                   # and a tenth of the rest is slow
    chance: 0.1
```

The first rule whose turn it is counts; every rule counts the requests that come as far as to it.

| member | meaning |
|---|---|
| `fault` | a name of the table above; the service is not called |
| `status`, with `headers`, `body` (JSON) or `text` | this reply comes instead of the service's |
| `delay` | seconds before that, or, alone, before the service is called |
| `host`, `path` | of the requests that are meant; `*`, `?` stand for any characters; `path` has the query |
| `method`, `action` (id or name), `integration` (id) | likewise |
| `after` | so many requests go unharmed first |
| `every` | then every so-manieth is meant |
| `chance` | and of those this share, from 0 to 1 |
| `times` | at most |
| `service_acts` | the service is really called first, and what it answers is lost |

A fault is played to the server's own HTTP client in memory: it is parsed, bounded and timed as from the
network, and nothing is resolved, judged or connected. Each one that happens is a line `fault` of the
server's log. A file with a name or value that means nothing is refused at start with its line
(`FAULTS_FILE_INVALID`).
"""


def page() -> str:
    """Return the whole page."""
    return HEAD + "".join(_rows()) + TAIL


def _rows() -> Iterator[str]:
    for fault in SERVICE_FAULTS.values():
        mark = "°" if fault.ours else ""
        link = f"[{fault.code}](findings.md#{fault.code.lower()})"
        yield f"| `{fault.name}`{mark} | {_sentence(fault)} | {link} | {fault.status} | {fault.wire} |\n"


def _sentence(fault: ServiceFault) -> str:
    if fault.what[0].isupper():
        return fault.what
    return f"The service {fault.what}."


def main(arguments: list[str]) -> int:
    """Write or check the page."""
    if "--check" in arguments:
        current = PAGE.exists() and PAGE.read_text(encoding="utf-8") == page()
        print(f"{PAGE.name} is {'current' if current else 'stale: run python scripts/faults_page.py'}")
        return 0 if current else 1
    PAGE.write_text(page(), encoding="utf-8")
    print(f"wrote {PAGE.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
