"""Compiling, rendering and looking into templates."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from jackfield.velocity import compile_template
from jackfield.velocity.tools import Tool, standard_tools


def render(text: str, context: dict[str, Any] | None = None, **options: Any) -> str:
    """The text of a template."""
    return compile_template(text, **options).render({**(context or {}), **standard_tools()})


def test_references_are_listed_with_their_places() -> None:
    """Every use of a variable is listed, those in strings, conditions and arguments included."""
    text = '${input.name}\n#if($a && "$!{b.c[0].d(1)}")#end#set($z = $q.x())#foreach($i in $l)$i#end'
    found = [(use.root, use.path, use.line, use.column) for use in compile_template(text).references]
    assert found == [
        ("input", "input.name", 1, 1),
        ("a", "a", 2, 5),
        ("b", "b.c[].d()", 2, 12),
        ("z", "z", 2, 38),
        ("q", "q.x()", 2, 43),
        ("i", "i", 2, 59),
        ("l", "l", 2, 65),
        ("i", "i", 2, 68),
    ]


def test_references_say_how_they_are_used() -> None:
    """Quiet, formal, assigned, tested and escaped uses are told apart."""
    uses = compile_template("$!{a}#if($b)\\$c#end#set($d = 1)${e}#macro(m $f)#end").references
    flags = {use.root: (use.quiet, use.formal, use.assigned, use.tested, use.escaped) for use in uses}
    assert flags == {
        "a": (True, True, False, False, False),
        "b": (False, False, False, True, False),
        "c": (False, False, False, False, True),
        "d": (False, False, True, False, False),
        "e": (False, True, False, False, False),
        "f": (False, False, True, False, False),
    }


def test_the_context_is_never_changed() -> None:
    """Templates that write into maps and lists work on a copy."""
    context = {"d": {"a": [1]}, "l": [1]}
    text = "#set($d.b = 2)#set($l[0] = 9)$d.a.add(2)$l.clear()#set($x = 1)$d"
    assert render(text, context) == "true{a=[1, 2], b=2}"
    assert context == {"d": {"a": [1]}, "l": [1]}


def test_one_template_serves_many_threads() -> None:
    """Loops, macros and blocks of one template do not mix between threads."""
    text = "#macro(m $a)<$a>#end#define($d)$x#end#foreach($i in [1..50])#m($x)$d#end"
    template = compile_template(text)
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda number: template.render({"x": number}), range(64)))
    assert results == [f"<{number}>{number}" * 50 for number in range(64)]


def test_same_text_and_options_are_compiled_once() -> None:
    """Compiling again gives the kept template; other options give another."""
    assert compile_template("a$b", name="n") is compile_template("a$b", name="n")
    assert compile_template("a$b", name="n") is not compile_template("a$b", name="n", strict=True)


def test_strings_in_the_template_cannot_become_code() -> None:
    """Quotes, braces and backslashes in the text stay text."""
    text = "'''\"\"\"\\n{x}%s\\\\' + __import__('os') + '\r\n\t\x00 \u2028"
    assert render(text) == text


@pytest.mark.parametrize(
    "name", ["m", "w", "c", "g", "U", "E", "t1", "x1", "lambda", "None_", "class", "if", "def"]
)
def test_any_identifier_is_a_variable(name: str) -> None:
    """Names of the compiled code's own variables and Python's keywords are ordinary variables."""
    assert render(f"#set(${name} = 5)${name}${{{name}}}") == "55"
    assert render(f"#foreach(${name} in [1..2])${name}#end#define($q)${name}#end$q", {name: 7}) == "127"


def test_deep_blocks_and_long_chains_render() -> None:
    """Blocks 90 deep, calls 500 long and 400 branches compile."""
    assert render("#if(true)" * 90 + "x" + "#end" * 90) == "x"
    assert render("#foreach($a in [1..1])" * 40 + "x" + "#end" * 40) == "x"
    assert render("$x" + ".trim()" * 500, {"x": "y"}) == "y"
    assert render("#if($a)" + "#elseif($b)" * 400 + "#{else}z#end") == "z"
    assert render("#set($x = " + "(" * 40 + "1 + 1" + ")" * 40 + ")$x") == "2"


def test_stop_keeps_what_was_printed() -> None:
    """#stop ends the template, also from inside a block, and keeps the text so far."""
    assert render("a#stop b") == "a"
    assert render("a#define($d)x#stop y#end b$d c") == "a bx"
    assert render("a#evaluate('b#stop c') d") == "ab"


def test_break_leaves_the_nearest_loop_or_the_given_one() -> None:
    """#break ends one loop; with a scope, that loop."""
    text = "#foreach($a in [1..3])#foreach($b in [1..3])#if($b == 2)#break%s#end$a$b #end#end|"
    assert render(text % "") == "11 21 31 |"
    assert render(text % "($foreach.parent)") == "11 |"


def test_evaluated_text_shares_variables_and_macros() -> None:
    """#evaluate sees and sets variables, and can define and call macros."""
    text = "#macro(m)[$x]#end#evaluate('#set($x = 3)#m()#macro(n)<$x>#end')#n()$x"
    assert render(text) == "[3]<3>3"


def test_own_tools_are_reachable_by_what_they_offer() -> None:
    """A tool's offered functions are methods and getters; nothing else of it is."""

    class Greeter(Tool):
        java_name = "Greeter"

        def secret(self) -> str:
            return "secret"

    Greeter.offer(
        {"greet": [("s", lambda _run, _tool, name: f"hi {name}")], "getAge": [("", lambda _run, _tool: 5)]}
    )
    context = {"t": Greeter()}
    assert render("$t.greet('a') $t.age $t.getAge() $t.secret() $t.secret $t", context) == (
        "hi a 5 5 $t.secret() $t.secret Greeter"
    )


def test_context_may_be_any_mapping() -> None:
    """A read-only mapping serves as a context."""
    from types import MappingProxyType

    assert compile_template("$a#define($d)$a#end$d").render(MappingProxyType({"a": 1})) == "11"


def test_subclasses_of_json_types_behave_as_those() -> None:
    """A caller's own kind of dict, list or str has the members of a plain one."""

    class Folded(dict[str, Any]):
        def get(self, key: Any, default: Any = None) -> Any:
            return super().get(key.lower(), default)

    class Items(list[Any]):
        pass

    context = {"d": Folded(a=1), "l": Items([1, 2])}
    text = "$d.A $d['A'] $d.size() $l.size() $l[-1] $l.empty $d #foreach($i in $l)$i#end"
    assert render(text, context, strict=True) == "1 1 1 2 2 false {a=1} 12"
    hot = compile_template(text)
    for _ in range(40):
        assert hot.render(context) == "1 1 1 2 2 false {a=1} 12"


@pytest.mark.parametrize(
    ("mode", "text"),
    [
        ("none", "a\n  \n  b\n  \nc\n"),
        ("bc", "a\n    b\n  c\n"),
        ("lines", "a\n  b\nc\n"),
        ("structured", "a\nb\nc\n"),
    ],
)
def test_white_space_modes(mode: str, text: str) -> None:
    """Each gobbling mode treats the lines of a directive in its own way."""
    assert (
        render(
            "a\n#if(true)\n  b\n#end\nc\n" if mode == "structured" else "a\n  #if(true)\n  b\n  #end\nc\n",
            gobbling=mode,
        )
        == text
    )
