"""Templates for the oracle: seeded generators, so that the same seed gives the same cases.

Most cases are shaped like real data actions (URLs, JSON bodies, headers, success templates); the others come
from the grammar of the language and from loose fragments of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

from oracle.velocity.grammar import fragments, grammar, methods

SEED = 20_240_417
DATA_ACTION_TEMPLATES = 2_250
GRAMMAR_TEMPLATES = 450
FRAGMENT_TEMPLATES = 350
METHOD_TEMPLATES = 150

INPUTS = [
    "name",
    "id",
    "email",
    "phone",
    "note",
    "n",
    "price",
    "flag",
    "off",
    "empty",
    "zero",
    "nothing",
    "q",
    "rawRequest",
    "uni",
    "blank",
    "num",
    "key",
    "missing",
    "list",
    "map",
    "big",
    "long",
    "tiny",
    "huge",
    "deep",
    "text",
    "dollar",
    "dec",
    "neg",
]
COMMON = ["name", "id", "email", "phone", "note", "n", "price", "flag", "empty", "missing", "q", "num", "key"]
MAPPED = [
    "rawResult",
    "state",
    "count",
    "userId",
    "arr",
    "emptyArr",
    "objs",
    "stats",
    "nul",
    "yes",
    "Presences",
]
STRING_CALLS = (
    ".toLowerCase()",
    ".toUpperCase()",
    ".trim()",
    ".length()",
    ".replace(' ','%20')",
    '.replace("-", "")',
    ".replaceAll('[^0-9+]', '')",
    '.replaceAll("\\s+", "_")',
    ".replaceFirst('a', 'A')",
    ".contains('n')",
    ".substring(0,1)",
    ".indexOf('e')",
    '.startsWith("+")',
    ".split(' ')",
    ".split(' ')[0]",
    ".concat('!')",
    ".equals('x')",
    '.equalsIgnoreCase("ANN LEE")',
    ".isEmpty()",
    ".matches('[a-z0-9]+')",
    ".charAt(0)",
    ".hashCode()",
    ".replaceAll('(\\w+) (\\w+)', '$2 $1')",
    ".lastIndexOf('e')",
    ".endsWith('e')",
    ".compareTo('B')",
)
ESCAPES = [
    "jsonString",
    "jsonEncode",
    "url",
    "urlFormEncode",
    "uriEncode",
    "html",
    "xml",
    "java",
    "javascript",
    "sql",
    "propertyKey",
    "propertyValue",
    "velocity",
]

Case = dict[str, Any]


def cases() -> Iterator[Case]:
    """All cases: template ``t``, context number ``c``, strict mode ``s``, family ``f``, gobbling ``g``."""
    random = Random(SEED)
    families: list[tuple[str, int, Callable[[Random], str]]] = [
        ("action", DATA_ACTION_TEMPLATES, data_action),
        ("grammar", GRAMMAR_TEMPLATES, grammar),
        ("fragment", FRAGMENT_TEMPLATES, fragments),
        ("method", METHOD_TEMPLATES, methods),
    ]
    for family, count, make in families:
        for _ in range(count):
            text, number = make(random), random.choice((0, 0, 0, 1, 2))
            if family != "action":
                number = random.choice((0, 1, 2, 2, 2))
            mode = random.choice(("none", "bc", "structured")) if random.random() < 0.25 else "lines"
            for strict in (False, True):
                case = {"t": text, "c": number, "s": strict, "f": family}
                yield case if mode == "lines" else {**case, "g": mode}


# -- data actions


def _reference(random: Random, root: str, name: str) -> str:
    form = random.randrange(10)
    if form < 6:
        return f"${{{root}.{name}}}"
    if form < 8:
        return f"$!{{{root}.{name}}}"
    return f"${root}.{name}" if form == 8 else f"$!{root}.{name}"


def _input(random: Random) -> str:
    name = random.choice(COMMON if random.random() < 0.8 else INPUTS)
    return _reference(random, "Input" if random.random() < 0.01 else "input", name)


def _escaped(random: Random) -> str:
    return f"$esc.{random.choice(ESCAPES)}({_argument(random)})"


def _argument(random: Random) -> str:
    found = _input(random)
    return f'"{found}"' if random.random() < 0.3 else found


def _called(random: Random) -> str:
    name, call = random.choice(COMMON), random.choice(STRING_CALLS)
    return f"${{input.{name}{call}}}" if random.random() < 0.7 else f"$input.{name}{call}"


def _math(random: Random) -> str:
    operation = random.choice(["add", "sub", "mul", "div", "mod", "idiv", "pow", "max", "min"])
    left, right = (
        random.choice(("$input.n", "$input.price", "$input.num", "2", "1.5", "$input.missing", "-4"))
        for _ in "ab"
    )
    if random.random() < 0.3:
        single = random.choice(
            ["abs", "ceil", "floor", "round", "toInteger", "toLong", "toDouble", "toNumber"]
        )
        return f"$math.{single}({left})"
    if random.random() < 0.15:
        return f"$math.roundTo({random.choice('0123')}, {left})"
    return f"$math.{operation}({left}, {right})"


def _value(random: Random) -> str:
    return random.choice((_input, _input, _escaped, _called, _math))(random)


def _url(random: Random) -> str:
    base = random.choice(
        (
            "/api/v2/users/",
            "https://example.com/api/now/table/",
            "https://${input.id}.service-now.com/x/",
            "/api/v2/flows/datatables/${input.id}/rows/",
        )
    )
    parts = [base, _value(random)]
    for position in range(random.randrange(4)):
        name = random.choice(
            ("pageSize", "q", "$filter", "${esc.dollar}filter", "showbrief", "$esc.d", "expand")
        )
        parts.append(f"{'&' if position else '?'}{name}={_value(random)}")
    if random.random() < 0.2:
        parts.append(f"#if({_condition(random)})&x={_value(random)}#end")
    return "".join(parts)


def _condition(random: Random) -> str:
    name = random.choice(COMMON)
    return random.choice(
        (
            f'"$!{{input.{name}}}" != ""',
            f"$input.{name}",
            f"!$input.{name}",
            f'$input.{name} == "x"',
            f"$input.{name} == 5",
            "$input.n > 3",
            "$input.n <= 2.5 && $input.flag",
            f"$input.{name} && $input.{name} != ''",
            f"${{input.{name}}} == ''",
            "$state == '\"connected\"'",
            "$undefined",
            "!$undefined || $input.flag",
            f'$input.{name}.contains("n")',
            "$input.num == 42",
            "$input.price >= $input.n",
            "$input.list.size() > 2",
            "$count == 3",
            "$input.flag == true",
            f'"${{input.{name}}}" == "true"',
        )
    )


def _member(random: Random, position: int) -> str:
    name = random.choice(("firstName", "phone", "note", "amount", "active", "callbackNumbers"))
    value = _value(random)
    style = random.randrange(5)
    shown = f'"{value}"' if style < 3 else value if style == 3 else f'["{value}"]'
    return f'"{name}{position}": {shown}'


def _body(random: Random) -> str:
    if random.random() < 0.05:
        return "${input.rawRequest}"
    gap = random.choice((" ", "\n  ", "\n\t", "", "\r\n  "))
    out = ["{"]
    for position in range(random.randrange(1, 6)):
        comma = "," if position else ""
        if random.random() < 0.35:
            out.append(_optional(random, f"{comma}{_member(random, position)}", gap))
        else:
            out.append(f"{comma}{gap}{_member(random, position)}")
    out.append(("\n" if "\n" in gap else "") + "}")
    return "".join(out)


def _optional(random: Random, member: str, gap: str) -> str:
    open_gap = random.choice(("", " ", gap))
    otherwise = ""
    if random.random() < 0.3:
        word = random.choice(("#else", "#{else}"))
        otherwise = f"{gap}{word}{gap if word == '#else' else ''}, {_member(random, 9)}"
    if random.random() < 0.15:
        otherwise = f"{gap}#elseif({_condition(random)}){gap}{_member(random, 8)}{otherwise}"
    return f"{gap}#if({_condition(random)}){open_gap}{member}{otherwise}{gap}#end"


def _success(random: Random) -> str:
    out = ["{"]
    for position in range(random.randrange(1, 5)):
        name = random.choice(MAPPED)
        shape = random.randrange(7)
        shown = f"${{{name}}}"
        if shape == 1:
            shown = f'${{successTemplateUtils.firstFromArray("${{{name}}}", "$esc.quote$esc.quote")}}'
        elif shape == 2:
            shown = f'${{successTemplateUtils.firstFromArray("${{{name}}}")}}'
        elif shape == 3:
            shown = f"${{successTemplateUtils.firstFromArray(${{{name}}})}}"
        elif shape == 4:
            shown = f'"$esc.jsonEncode(${{{name}}})"'
        elif shape == 5:
            shown = f'#if(${name} == "null")""#{{else}}${{{name}}}#end'
        elif shape == 6 and random.random() < 0.5:
            shown = f'"$!{{{name}}}"'
        out.append(f'{", " if position else ""}"k{position}": {shown}')
    return "".join(out) + random.choice(("}", "}", "\n}", "}}"))


def _header(random: Random) -> str:
    return random.choice(
        (
            'Basic $encoding.base64("${credentials.clientId}:${credentials.clientSecret}")',
            "Bearer ${authResponse.access_token}",
            "${authResponse.token_type} ${authResponse.access_token}",
            "PureCloudIntegrations/1.0",
            'Basic $encoding.base64("${input.name}:${input.missing}")',
            f"X {_value(random)} $salesforce.escReserved({_input(random)})",
        )
    )


def _scripted(random: Random) -> str:
    name = random.choice(COMMON)
    return random.choice(
        (
            f'#set($v = "$!{{input.{name}}}")\n{{"v": "$v", "up": "$v.toUpperCase()"}}',
            f"#set($a = $input.n + {random.randrange(9)})#set($b = $a * 2)${{a}}/${{b}}",
            '  #set($digits = $input.phone.replaceAll("[^0-9]", ""))\n  "$digits" $!{digits}',
            f"#set($x = $input.{name})#if($x)[$x]#else none $!x#end",
            "#set($parts = $input.key.split(' '))$parts.size() $parts[0] $parts.get(1)",
            f"#set($d = $input.n / {random.randrange(4)})$d $!d #set($m = $input.n % 3)$m",
            f'## comment {name}\n{{"a": {_input(random)}}}#* block\n comment *# end',
            f"#set($s = '$input.{name}')$s #set($t = \"$input.{name}\")$t",
            f"\\${{input.{name}}} \\\\$input.{name} \\#if \\\\#if(true)x#end",
            f"${{input.{name}|'alt'}} ${{input.missing|\"$input.name\"}} ${{nothing|5}}",
            f"$input.list[{random.choice(('0', '-1', '2', '9', '$input.zero'))}] "
            f"$input['{name}'] $input.get('{name}')",
            f'#set($m = {{"a": 1, "b": $input.{name}}})$m $m.a $m.b $m.size() $m.keySet()',
            f"#set($sum = $input.price + $input.n)$sum #set($c = $input.{name} + '-' + $input.n)$c",
            "#if($input.list.contains(2.5))has#end $input.map.b.c[1].d $input.map.keySet() $input.map",
            f"{_input(random)}#[[ raw $input.{name} #if ]]#{_input(random)}",
        )
    )


def _broken(random: Random) -> str:
    good = random.choice((_body, _url, _success))(random)
    fault = random.choice(
        (
            "#if($input.x",
            "#end",
            "#else",
            "${input.name",
            '$esc.url("abc',
            "#if($a = 1)x#end",
            "#set($x = )",
            "#set(x = 1)",
            "$input.name.(",
            "#elseif(true)",
            "#if()x#end",
            "$input.list[",
            "#set($x = 1 2)",
            "#set($x = $input.n-1)$x",
            "#foreach($i)x#end",
            "$",
            "#",
            "$!",
            "${",
            "$!{input",
            "\\",
        )
    )
    at = random.randrange(len(good) + 1)
    return good[:at] + fault + good[at:]


def data_action(random: Random) -> str:
    """A template shaped like those of published data actions; one in eleven is broken somewhere."""
    makers = (_body, _body, _body, _url, _url, _success, _success, _scripted, _scripted, _header, _broken)
    return random.choice(makers)(random)
