"""Templates of all kinds stay within their limits, and only documented errors come out.

`JACKFIELD_RENDERS=200000 python -m pytest tests/security/test_velocity_renders.py` runs the full number.
"""

from __future__ import annotations

import os
import time
from collections import Counter
from random import Random

import pytest

from jackfield.velocity import Limits, VelocityError, compile_template
from jackfield.velocity.tools import standard_tools
from oracle.velocity.cases import data_action
from oracle.velocity.grammar import fragments, grammar, methods

RENDERS = int(os.environ.get("JACKFIELD_RENDERS", "4000"))
LIMITS = Limits(steps=20_000, output=100_000, seconds=0.25)
# A render may end its last step after its time is up, and the collector may go through all that other tests
# of the same process have left: over half a second has been seen.
SLACK_SECONDS = 2.75
CONTEXT = {
    **standard_tools(),
    "input": {"id": "4711", "name": 'An "odd" näme', "count": 3, "flag": True, "none": None},
    "list": [1, "two", None, {"a": [1.5]}],
    "map": {"a": 1, "b": {"c": "d"}},
    "s": "text",
    "n": 7,
    "rawResult": '{"a": [1, 2, 3]}',
}


def _outcome(random: Random, limits: Limits) -> str:
    text = random.choice((data_action, grammar, fragments, methods))(random)
    started = time.thread_time()
    try:
        shown = compile_template(text, strict=random.random() < 0.5, limits=limits).render(CONTEXT)
    except VelocityError as error:
        return type(error).__name__
    finally:
        assert time.thread_time() - started < limits.seconds + SLACK_SECONDS, text
    assert len(shown) <= limits.output, text
    return "rendered"


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_renders_stay_within_their_limits() -> None:
    """Every template of the generators renders, or raises the language's own error, within time and size."""
    random = Random(20261123)
    outcomes = Counter(_outcome(random, LIMITS) for _ in range(RENDERS))
    print(f"\n{sum(outcomes.values())} renders: {dict(outcomes.most_common())}")
    assert sum(outcomes.values()) == RENDERS
    assert outcomes["rendered"] > RENDERS // 3


def test_a_template_over_the_limit_would_be_noticed() -> None:
    """The control: a template that writes too much is an error with limits, and too long without them."""
    text = "#foreach($i in [1..2000])0123456789#end"
    with pytest.raises(VelocityError):
        compile_template(text, limits=Limits(output=1_000)).render({})
    assert len(compile_template(text).render({})) == 20_000
