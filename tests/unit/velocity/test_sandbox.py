"""Nothing but the allow-list can be reached from a template, and no template can run for ever."""

from __future__ import annotations

import time
from collections.abc import Iterator
from typing import Any

import pytest

from jackfield.velocity import (
    InvocationError,
    LimitError,
    Limits,
    RegexTimeoutError,
    VelocityError,
    compile_template,
)
from jackfield.velocity.members import _PROPERTIES, _TABLES, PLAIN, PLAIN_BY_TYPE, register
from jackfield.velocity.tools import standard_tools

SECRET = "the-secret-attribute"


class Canary:
    """A value with attributes that no template may see."""

    secret = SECRET
    _hidden = SECRET

    def __init__(self) -> None:
        self.value = SECRET
        self.called = False

    def __getattr__(self, name: str) -> str:
        raise AssertionError(f"{name} was looked up")

    def reveal(self, *_arguments: object) -> str:
        """Tell the secret, and that it was told."""
        self.called = True
        return SECRET

    def __str__(self) -> str:
        return self.reveal()

    __repr__ = __str__


ESCAPES = r"""
$x.__class__
$x.__class__.__mro__
${x.__class__.__base__.__subclasses__()}
$x.getClass()
$x.class
$x.class.forName("java.lang.Runtime").getRuntime()
$x.getClass().getClassLoader()
$x.format("{0.__class__}", $x)
$x.format_map($d)
$x.__getattribute__("upper")
$x.__init__.__globals__
$x.__dir__()
$x["__class__"]
$x.get("__class__")
$d.__getitem__("a")
$d.items()
$d.pop("a")
$d.__class__
$d.update($d)
$l.append(1)
$l.__len__()
$l.sort()
$l.__iter__()
$n.to_bytes(1, "big")
$n.real
$n.__class__
$esc.__class__
$esc.offer
$esc.__dict__
$esc.java_name
$math.random.__self__
$math.__init__
$esc.getClass()
$esc.class
$canary.secret
$canary.reveal()
$canary.value
$canary._hidden
$canary["secret"]
$canary.get("secret")
$canary.__class__
$canary.__str__()
$canary
"$canary"
$function
$function()
$function.__globals__
$function.__code__
$function.call()
$module
$module.environ
$module.system("id")
$type
$type.mro()
$foreach.__class__
#foreach($i in $canary)$i#end
#foreach($i in [1..1])$foreach.storage$foreach.__class__$foreach.length#end
#set($canary.value = 1)$canary.value
#set($canary["value"] = 1)
#set($esc.java = 1)
#evaluate("$canary.secret")
#evaluate("$x.__class__")
#macro(a $b)$b.secret#end#a($canary)
#define($b)$canary.secret#end$b
$canary.equals($x)
$l.get($canary)
$d.get($canary)
$x.concat($canary)
$esc.html($canary)
$esc.jsonEncode($canary)
$math.add($canary, 1)
#if($canary == "x")#end
#if($canary > 1)#end
#set($y = $canary + "x")$y
$x.replace($canary, "y")
[$canary]
${$x}
$m
$E
$g
#set($t = {"k": $canary})$t
#set($t = [$canary])$t
$encoding.base64($canary)
$x.matches($canary)
$l.contains($canary)
"""


def escapes() -> list[str]:
    """The attempts, one template on each line."""
    return ESCAPES.strip().splitlines()


def context() -> dict[str, Any]:
    """Values an attacker might use, some of which no engine should ever pass."""
    return {
        "x": "text",
        "d": {"a": 1},
        "l": [1, 2],
        "n": 5,
        "canary": Canary(),
        "function": escapes,
        "module": time,
        "type": str,
        **standard_tools(),
    }


def leaks(text: str, strict: bool) -> bool:
    """Whether a template got at something outside the allow-list."""
    values = context()
    try:
        shown = compile_template(text, strict=strict).render(values)
    except VelocityError as error:
        shown = str(error) + error.explain()
    return SECRET in shown or values["canary"].called or "<class" in shown or "0x" in shown


@pytest.mark.parametrize("strict", [False, True])
def test_no_attempt_gets_out(strict: bool) -> None:
    """Class walks, dunders, format strings and foreign objects end in nothing or in a documented error."""
    assert [text for text in escapes() if leaks(text, strict)] == []


@pytest.fixture
def hole() -> Iterator[None]:
    """An engine with a hole: the canary's members are allowed."""
    register(Canary, {"reveal": [("", lambda _run, value: value.reveal())]})
    yield
    del _TABLES[Canary], _PROPERTIES[Canary], PLAIN[Canary, "reveal", 0], PLAIN_BY_TYPE[Canary]


@pytest.mark.usefixtures("hole")
def test_the_check_would_notice_a_hole() -> None:
    """The control: when one member of the canary is reachable, attempts are found out."""
    assert [text for text in escapes() if leaks(text, strict=False)] == ["$canary.reveal()"]


EXPENSIVE = [
    "#foreach($a in [1..1000])#foreach($b in [1..1000])#foreach($c in [1..1000])x#end#end#end",
    '#set($s = "xxxxxxxxxx")#foreach($i in [1..60])#set($s = "$s$s")#end',
    '#set($s = "x")#foreach($i in [1..60])#set($s = $s + $s)#end',
    '#set($x = "a")' + '#set($x = "$x$x")' * 40,
    "#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end$l",
    "#set($l = [1])#foreach($i in [1..60])#set($l = [$l, $l])#end#set($k = [1])"
    "#foreach($i in [1..60])#set($k = [$k, $k])#end#if($l == $k)x#end",
    "#set($l = [1])#foreach($i in [1..9999])#set($l = [$l])#end$l",
    "#set($l = [1])#foreach($i in $l)$l.add(1)#end",
    "#set($l = [1..9])#foreach($i in [1..9999])$l.hashCode()#end" * 30,
    "#set($r = [1..2000000000])$r",
    "$x.repeat(2000000000)",
    '#set($s = $x.repeat(1000000))$s.replace("t", $s)',
    '#set($s = $x.repeat(1000000))$s.replaceAll("t", $s)',
    '#set($s = $x.repeat(1000000))#foreach($i in [1..99999])$s.contains("zz")#end',
    '#set($s = $x.repeat(2000000))$s.split("")',
    "#macro(a)#a()#end#a()",
    "#macro(a)#b()#b()#end#macro(b)#a()#a()#end#a()",
    "#set($x = '#evaluate($x)')#evaluate($x)",
    "#set($n = 9)#foreach($i in [1..60])#set($n = $n * $n)#end$n",
    '#set($n = "9e99")#foreach($i in [1..60])#set($n = $n * $n)#end$n',
    "#if(" + "(" * 500 + "true" + ")" * 500 + ")x#end",
    "#if(true)" * 500 + "x" + "#end" * 500,
    "#set($x = " + "[" * 500 + "]" * 500 + ")",
    "#set($q = 1" + " + 1" * 5000 + ")",
]


@pytest.mark.parametrize("text", EXPENSIVE, ids=lambda text: text[:40])
def test_expensive_template_is_stopped(text: str) -> None:
    """Each way to use up time or memory ends in an error with a place or a limit in it."""
    with pytest.raises(VelocityError):
        compile_template(text).render(context())


@pytest.mark.parametrize(
    "call", ["matches('(a|aa)+$')", "replaceAll('(a|aa)+$', 'x')", "split('(x+x+)+y|(a|aa)+$')"]
)
def test_regular_expressions_have_a_clock(call: str) -> None:
    """Backtracking is stopped by the time limit, however often the template tries."""
    text = f"#foreach($i in [1..1000])$v.{call}#end"
    with pytest.raises(RegexTimeoutError):
        compile_template(text, limits=Limits(regex_seconds=0.02)).render({"v": "a" * 60 + "!"})


@pytest.mark.parametrize(
    ("limits", "text"),
    [
        (Limits(steps=100), "#foreach($i in [1..200])x#end"),
        (Limits(output=100), "$x.repeat(50)$x.repeat(50)$x.repeat(50)"),
        (Limits(output=100), "#foreach($i in [1..200])x#end"),
        (Limits(nesting=5), "#if(1)#if(1)#if(1)#if(1)#if(1)#if(1)x#end#end#end#end#end#end"),
        (Limits(range_size=10), "#foreach($i in [1..11])x#end"),
        (Limits(macro_depth=3), "#macro(a $n)#if($n > 0)#set($k = $n - 1)#a($k)#end#end#a(9)"),
        (Limits(seconds=0.0), "#foreach($i in [1..5000])x#end"),
    ],
)
def test_each_limit_can_be_set(limits: Limits, text: str) -> None:
    """A lower bound is crossed where the default is not."""
    with pytest.raises(LimitError):
        compile_template(text, limits=limits).render({"x": "y"})
    assert compile_template(text).render({"x": "y"}) is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "(((a{1000}){1000}){1000}){1000}",
        "((a{200}){200}){200}",
        "(?:[ab]{500}){500}",
        "a{999999999}",
        "(a|b{30}){1,900}",
        "((a{1000})+){1000}",
    ],
)
def test_nested_counted_repeats_are_refused_before_they_take_memory(pattern: str) -> None:
    """A short pattern whose program would be huge is refused at once; a modest one works."""
    template = compile_template(f'$s.replaceAll("{pattern}", "x")', strict=True)
    with pytest.raises(InvocationError, match="repeats add up"):
        template.render({"s": "aaa"})
    assert compile_template('$s.replaceAll("(a{2}){3}", "x")').render({"s": "aaaaaaa"}) == "xa"
