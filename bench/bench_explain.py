"""How good explanations are: the corpus of clipboards and the damaged requests, against a real server.

No time is measured: the figures say in how many cases the first finding is right, a finding points at the
damage, and the server takes the printed correction as it stands.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

TESTS = Path(__file__).parents[1] / "tests"
SEEDS, COUNT = (1, 2, 3), 300


def main() -> None:
    """Start a server, ask everything, print the figures."""
    if str(TESTS) not in sys.path:
        sys.path.insert(0, str(TESTS))
    from support.damages import damaged_requests
    from support.directory_requests import DirectoryRequests
    from support.explain_corpus import judge, load, report
    from support.mutations import figures, judge_damaged
    from support.server import Server

    with (
        tempfile.TemporaryDirectory() as folder,
        Server(Path(folder) / "data") as server,
        server.http() as http,
    ):
        print(report([judge(http, fixture) for fixture in load()]))
        for seed in SEEDS:
            outcomes = [judge_damaged(http, one) for one in damaged_requests(seed, COUNT)]
            print(f"seed {seed}: {figures(outcomes, shown=3)}", flush=True)
            beside = damaged_requests(seed, COUNT, DirectoryRequests(seed))
            told = figures([judge_damaged(http, one) for one in beside], shown=3)
            print(f"seed {seed}, beside the integrations: {told}", flush=True)


if __name__ == "__main__":
    main()
