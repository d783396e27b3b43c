"""What a template author sees when a template is wrong."""

from __future__ import annotations

import pytest

from jackfield.velocity import (
    DirectiveForbiddenError,
    MemberError,
    NullReferenceError,
    UndefinedVariableError,
    VelocityError,
    VelocitySyntaxError,
    compile_template,
)
from jackfield.velocity.tools import standard_tools


def syntax_error(text: str) -> VelocitySyntaxError:
    """The error of a text that does not compile."""
    with pytest.raises(VelocitySyntaxError) as caught:
        compile_template(text, name="requestTemplate")
    return caught.value


@pytest.mark.parametrize(
    ("text", "line", "column", "hint"),
    [
        ("#if($a)x", 1, 9, "#if of line 1, column 1 is never closed"),
        ("a\n#foreach($x in $y)\n b", 3, 3, "#foreach of line 2, column 1 is never closed"),
        ("x\n  #end", 2, 3, "#end closes nothing"),
        ("#else", 1, 1, "#else closes nothing"),
        ("#elseif(true)", 1, 1, "#elseif closes nothing"),
        ("#if(true)a#{else}b#{else}c#end", 1, 19, "has had its #else"),
        ("#if($a = 1)x#end", 1, 8, "Compare with `==`"),
        ("#set($a == 1)", 1, 9, "#set needs one `=`"),
        ("#set($x = $a-1)", 1, 13, "blanks around the minus"),
        ("#set($x = foo)", 1, 11, "must be quoted"),
        ("#if(name == 1)x#end", 1, 5, "needs its dollar ($name)"),
        ('#set($x = "abc)', 1, 11, "is never closed"),
        ("$x.call('abc)", 1, 9, "is never closed"),
        ("${input.name", 1, 13, "`}` is missing"),
        ("$list[1", 1, 8, "is missing"),
        ("#if($a & $b)x#end", 1, 8, "Use `&&`"),
        ("#set($x = )", 1, 11, ""),
        ("#foreach($x)a#end", 1, 1, "Write #foreach($item in $list)"),
        ('#set($x = "\\u12")', 1, 11, "four hexadecimal digits"),
        ("https://x/y?${filter=a}", 1, 21, "write ${esc.dollar}"),
        ("#set($n = " + "9" * 1001 + ")", 1, 11, ""),
    ],
)
def test_syntax_error_points_at_the_column_and_names_the_cause(
    text: str, line: int, column: int, hint: str
) -> None:
    """Line, column and hint of each mistake authors make."""
    error = syntax_error(text)
    assert (error.line, error.column) == (line, column)
    assert hint in error.hint
    assert error.template_name == "requestTemplate"


def test_syntax_error_shows_the_source_line_and_a_caret() -> None:
    """The text of a syntax error is message, source line, caret and hint."""
    assert str(syntax_error('{\n\t"a": #if($x = 1)1#end\n}')) == (
        'Encountered "=" at requestTemplate[line 2, column 21]\n'
        '2 | \t"a": #if($x = 1)1#end\n'
        "  | \t            ^\n"
        "Compare with `==`; a single `=` only assigns, and only in #set."
    )


def test_error_inside_a_string_points_into_the_string() -> None:
    """A fault in an interpolated string is placed in the template, not in the string."""
    error = syntax_error('line\n#set($x = "ab #if(")')
    assert (error.line, error.excerpt) == (2, '#set($x = "ab #if(")')
    assert error.column == 19


def test_long_line_is_cut_around_the_fault() -> None:
    """A line of thousands of characters is shown only near the fault."""
    error = syntax_error("x" * 3000 + "#if(a)" + "y" * 3000)
    source, caret = error.caret().splitlines()
    assert len(source) < 120
    assert source[caret.index("^")] == "a"


def test_render_error_has_velocitys_words_and_a_place() -> None:
    """An undefined variable is reported in Velocity's words, with excerpt and caret."""
    template = compile_template('{\n "a": ${Presences}}', name="successTemplate", strict=True)
    with pytest.raises(UndefinedVariableError) as caught:
        template.render({})
    error = caught.value
    assert str(error) == "Variable $Presences has not been set at successTemplate[line 2, column 7]"
    assert error.caret() == '2 |  "a": ${Presences}}\n  |       ^'
    assert error.explain().startswith(str(error))


REFUSALS: list[tuple[str, type[VelocityError], str, int]] = [
    ("$a.b", NullReferenceError, "Reference $a.b evaluated to null when attempting to render", 1),
    ("$a.b.c", NullReferenceError, "Attempted to access 'c' on a null value", 6),
    ("$a.b.c()", NullReferenceError, "Attempted to access 'null' on a null value", 6),
    ("$a.b[0]", NullReferenceError, "Attempted to access 'null' on a null value", 5),
    ("$s.x", MemberError, "Object 'java.lang.String' does not contain property 'x'", 4),
    ("$s.x(1)", MemberError, "Object 'java.lang.String' does not contain method x(java.lang.Integer)", 4),
    ("#if($a.b > 1)#end", NullReferenceError, "Left side ($a.b) of comparison operation has null value", 11),
    ("#nothing()", MemberError, "Macro '#nothing' is not defined", 1),
    ("$!undefined", UndefinedVariableError, "Variable $undefined has not been set", 1),
]


@pytest.mark.parametrize(("text", "kind", "message", "column"), REFUSALS)
def test_strict_mode_refuses_in_velocitys_words(
    text: str, kind: type[VelocityError], message: str, column: int
) -> None:
    """Each rule of strict mode has its class and its sentence."""
    with pytest.raises(kind) as caught:
        compile_template(text, name="t", strict=True).render({"a": {}, "s": "x"})
    assert caught.value.message == f"{message} at t[line 1, column {column}]"


def test_word_as_macro_argument_is_refused() -> None:
    """A bare word is no argument: strict mode refuses it at once, lenient mode when the macro exists."""
    with pytest.raises(VelocitySyntaxError, match="Invalid arg 'word' in macro #m"):
        compile_template("#m(word)", strict=True)
    assert compile_template("#m(word)").render({}) == "#m(word)"
    with pytest.raises(VelocitySyntaxError, match="Invalid arg 'word'"):
        compile_template("#macro(m $a)$a#end#m(word)").render({})


def test_literal_null_mode_prints_the_reference() -> None:
    """With null_mode literal a null reference prints itself; undefined roots are still refused."""
    template = compile_template("${a.b} $a.b $!a.b|", strict=True, null_mode="literal")
    assert template.render({"a": {"b": None}}) == "${a.b} $a.b |"
    with pytest.raises(UndefinedVariableError):
        template.render({})


@pytest.mark.parametrize("name", ["foreach", "macro", "define", "evaluate"])
def test_forbidden_directive_is_named(name: str) -> None:
    """A directive outside the allowed set is refused at compile time, by name and place."""
    text = {"foreach": "#foreach($x in $y)#end", "macro": "#macro(a)#end"}.get(name, f"#{name}($x)")
    text += "#end" if name == "define" else ""
    with pytest.raises(DirectiveForbiddenError) as caught:
        compile_template(" " + text, directives={"if", "set"})
    assert f"#{name} is not allowed" in caught.value.message
    assert caught.value.hint == "Allowed here: #if, #set."
    assert caught.value.line == 1


@pytest.mark.parametrize("text", ['#parse("x")', '#include("x")'])
def test_other_templates_need_a_loader(text: str) -> None:
    """Without a loader #parse and #include are refused; with one they render."""
    with pytest.raises(DirectiveForbiddenError, match="no loader"):
        compile_template(text)
    found = compile_template(text, loader={"x": "<$a>"}.get)
    assert found.render({"a": 1}) == ("<1>" if "parse" in text else "<$a>")
    with pytest.raises(VelocityError, match="Unable to find resource"):
        compile_template(text, loader=lambda _name: None).render({})


@pytest.mark.parametrize("option", [{"gobbling": "all"}, {"null_mode": "maybe"}])
def test_unknown_option_value_is_refused(option: dict[str, str]) -> None:
    """A misspelt option says which values there are."""
    with pytest.raises(ValueError, match="must be"):
        compile_template("x", **option)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("template", "hint"),
    [
        ("$esc.jsonencode('x')", "Did you mean `jsonEncode`?"),
        ("$s.substrin(1)", "Did you mean `substring`?"),
        ("$s.substring(1, 2, 3)", "`substring` takes other arguments."),
        ("$s.substring", "`substring` is a method: write `substring(…)`."),
        ("$s.zebra()", ""),
    ],
)
def test_a_mistyped_method_names_the_nearest(template: str, hint: str) -> None:
    """Case and slips are told; what is like nothing gets no guess."""
    with pytest.raises(MemberError) as fault:
        compile_template(template, strict=True).render({**standard_tools(), "s": "text"})
    assert fault.value.hint == hint
