"""YAML read as JSON's nodes."""

from __future__ import annotations

import pytest

from jackfield.workbench.forms.yaml_text import YamlFault, read_yaml

BOMB = "a0: &a0 [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 8)
)


@pytest.mark.parametrize(
    ("text", "reason"),
    [(BOMB, "references that multiply"), ("a: " + "[" * 60 + "]" * 60, "nested more than 50 deep")],
)
def test_what_grows_without_bound_is_refused(text: str, reason: str) -> None:
    """A small file cannot make a large document."""
    with pytest.raises(YamlFault) as fault:
        read_yaml(text)
    assert reason in fault.value.reason


def test_scalars_are_texts_but_where_types_are_wanted() -> None:
    """The same words are texts, JSON texts or values, by the member they stand in."""
    text = "a: [yes, 1, ~, null, 0x10, 1.50]\nb: [yes, 1, ~, null, 0x10, 1.50]\nc: [yes, 1, ~, null]\n"
    root = read_yaml(text, typed=("b",), json_texts=("c",)).root
    assert root is not None
    assert root.plain() == {
        "a": ["yes", "1", None, None, "0x10", "1.50"],
        "b": [True, 1, None, None, "0x10", 1.5],
        "c": ["yes", "1", None, "null"],
    }
