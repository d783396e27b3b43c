"""Whatever an action says, the bench answers with findings, never with a fault of its own."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from jackfield.workbench.bench import Bench, Trial
from jackfield.workbench.documents import ActionDocument
from jackfield.workbench.fuzzing import fuzz
from jackfield.workbench.rendering import rendered_parts
from jackfield.workbench.replies import SynthesizedReplies
from support.action_documents import DOCUMENTS

PATHS = st.sampled_from(
    ["$", "$.a", "$..a", "$.a[?(@.b == 1)].c", "$.a[*]", "$.l.length()", "$.a[", ".x", "", "$.a[?("]
)
TEMPLATES = st.lists(
    st.sampled_from(
        ["${a}", '"', "{", "}", '{"a": ${a}}', "$!b", "#if($a)", "#end", "$rawResult", "[", "]", ",", "1"]
    ),
    max_size=6,
).map("".join)


def reaching(document: ActionDocument, paths: dict[str, str], template: str) -> ActionDocument:
    """Return an action whose request can be made, so that its reply is read."""
    config = document.config
    request = replace(config.request, url_template="https://s.example.com/", request_type="GET", headers={})
    response = replace(config.response, translation_map=paths, success_template=template)
    return replace(document, config=replace(config, request=request, response=response))


REACHING = st.builds(
    reaching, DOCUMENTS, st.dictionaries(st.sampled_from(["a", "b", "c"]), PATHS, max_size=3), TEMPLATES
)


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.one_of(DOCUMENTS, REACHING))
def test_any_action_can_be_tested(document: ActionDocument) -> None:
    """A run succeeds, or ends in a step with a finding; its templates can be rendered one by one."""
    with Bench() as bench:
        result = bench.run(Trial(document, SynthesizedReplies()))
    assert result.success or result.findings
    assert all(one.text is not None or one.error is not None for one in rendered_parts(document))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(DOCUMENTS)
def test_any_action_can_be_fuzzed(document: ActionDocument) -> None:
    """Fuzzing ends with findings or without."""
    with Bench() as bench:
        outcome = fuzz(bench, document)
    assert outcome.runs >= 1
