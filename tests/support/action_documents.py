"""Data actions as a property test wants them: any text in any member."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from hypothesis import strategies as st

from jackfield.domain.action import ActionConfig, Contract, RequestConfig, ResponseConfig
from jackfield.domain.finding import Place
from jackfield.domain.json_reader import read_json
from jackfield.workbench.documents import ActionDocument, Origin
from jackfield.workbench.forms.json_text import laid_out

TEXTS = st.one_of(
    st.text(max_size=30),
    st.text(alphabet="ab\n\r\t '\"#:{}[]$!&*%\\,\u0085\u2028\ufeff\x01é\U0001f600", max_size=30),
    st.sampled_from(
        ["", "null", "~", "yes", "0", "1.10", "- a", "a: b", "a #b", "${input.x}", "\n", "a\n\n"]
    ),
).filter(lambda text: "\x00" not in text)
NAMES = st.text(min_size=1, max_size=12).filter(lambda text: "\x00" not in text)
MAPS = st.dictionaries(NAMES, TEXTS, max_size=4)
SCALARS = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(allow_nan=False, allow_infinity=False), TEXTS
)


def _schema(inner: dict[str, Any]) -> str:
    root = read_json(json.dumps({"type": "object", "properties": inner}, ensure_ascii=False)).root
    assert root is not None
    return laid_out(root)


def nowhere(pointer: str, offset: int = 0, width: int = 1) -> Place:
    """Return a place without a file."""
    return Place(pointer)


SCHEMAS = st.dictionaries(NAMES, st.one_of(SCALARS, st.lists(SCALARS, max_size=3)), max_size=3).map(_schema)

DOCUMENTS = st.builds(
    ActionDocument,
    name=TEXTS,
    integration_type=st.sampled_from(["", "custom-rest-actions", "purecloud-data-actions", "no"]),
    action_type=st.sampled_from(["custom", "customAuth"]),
    category=TEXTS,
    config=st.builds(
        ActionConfig,
        request=st.builds(
            RequestConfig,
            url_template=TEXTS,
            request_type=st.sampled_from(["GET", "POST", "no", "get"]),
            headers=MAPS,
            template=TEXTS,
        ),
        response=st.builds(
            ResponseConfig, translation_map=MAPS, translation_map_defaults=MAPS, success_template=TEXTS
        ),
        timeout_seconds=st.one_of(st.none(), st.integers(-5, 100)),
    ),
    contract=st.builds(Contract, input_schema=SCHEMAS, success_schema=SCHEMAS),
    secure=st.booleans(),
    origin=st.just(Origin(Path("nowhere"), "api", nowhere)),
    integration_id=st.sampled_from(["", "8f1a", "<id>"]),
)
