"""Templates for the oracle: seeded generators, so that the same seed gives the same cases.

Most cases are shaped like real data actions (URLs, JSON bodies, headers, success templates); the others come
from the grammar of the language and from loose fragments of it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from random import Random
from typing import Any

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
        ("action", DATA_ACTION_TEMPLATES, _data_action),
        ("grammar", GRAMMAR_TEMPLATES, _grammar),
        ("fragment", FRAGMENT_TEMPLATES, _fragments),
        ("method", METHOD_TEMPLATES, _methods),
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


def _data_action(random: Random) -> str:
    makers = (_body, _body, _body, _url, _url, _success, _success, _scripted, _scripted, _header, _broken)
    return random.choice(makers)(random)


# -- the grammar


def _expression(random: Random, depth: int) -> str:
    if depth <= 0 or random.random() < 0.35:
        return random.choice(
            (
                "1",
                "2",
                "-3",
                "0",
                "1.5",
                "2.0e3",
                "true",
                "false",
                "'s'",
                "''",
                '"d"',
                '"a$x"',
                "'it''s'",
                "$x",
                "$y",
                "$z",
                "$foo",
                "$foo.bar",
                "$foo.n",
                "$items",
                "$nope",
                "$nope.a",
                "[1..3]",
                "[3..1]",
                "[]",
                "{}",
                "[1, 'a']",
                '{"k": 1}',
                "$foo.list[1]",
                '"$y$z"',
                '"#if($y)t#end"',
                "99999999999",
            )
        )
    one, two = _expression(random, depth - 1), _expression(random, depth - 1)
    shape = random.randrange(8)
    if shape == 0:
        return f"!{one}"
    if shape == 1:
        return f"({one})"
    if shape == 2:
        return f"$x.concat({one})"
    operator = random.choice(
        [
            "+",
            "-",
            "*",
            "/",
            "%",
            "==",
            "!=",
            "<",
            ">",
            "<=",
            ">=",
            "&&",
            "||",
            "and",
            "or",
            "eq",
            "ne",
            "lt",
            "gt",
            "le",
            "ge",
        ]
    )
    return f"{one} {operator} {two}"


def _printed(random: Random) -> str:
    return random.choice(
        (
            "$x",
            "${y}",
            "$!z",
            "$!{nope}",
            "$nope",
            "${nope}",
            "$foo.bar",
            "$foo.list",
            "$foo.list.size()",
            "$items[0].name",
            "$items.get(1).tags",
            "$items.size()",
            "$foo.nope.x",
            "$x.toUpperCase()",
            "$matrix",
            "$foo.list[-1]",
            "$items[0].tags[1]",
            "${foo.bar|'alt'}",
            "${nope.a|$x}",
            "$x.bogus()",
            "\\$x",
            "\\\\$x",
            "\\$nope",
            "$foo.put('a', 1)",
            "$foo.list.add(4)",
            "$foo",
            "$y.intValue()",
            "$z",
            "$matrix[1][0]",
            "$foreach.count",
            "$items.isEmpty()",
            "$foo.list.contains(10)",
            "$foo.list.indexOf(20)",
            "$foo.entrySet()",
            "$foo.values()",
            "$x.length()",
            "$foo.list.subList(0,2)",
            "$foo.containsKey('bar')",
        )
    )


def _statement(random: Random, depth: int) -> str:
    if depth <= 0 or random.random() < 0.4:
        return random.choice(
            (_printed(random), " text ", "\n", "a\n", "  ", "{}", "b: ", "#", "$", "$5", "\\", "\t")
        )
    inner, other = _block(random, depth - 1), _block(random, depth - 1)
    condition = _expression(random, 2)
    end = random.choice(("#end", "#end\n", "#{end}", "  #end\n"))
    return random.choice(
        (
            f"#if({condition}){inner}{end}",
            f"#if({condition}){inner}#else{other}{end}",
            f"  #if({condition})\n{inner}\n  #elseif({_expression(random, 1)})\n{other}\n  {end}",
            f"#set($v{depth} = {condition})$v{depth}",
            f"#set($v{depth} = {condition})\n",
            f"  #set( $x = {condition} ) \n",
            f"#foreach($i in {_iterable(random)}){inner}$i#if($foreach.hasNext),#end{end}",
            f"#foreach($i in {_iterable(random)})\n  $foreach.index $i{inner}\n{end}",
            f"#foreach($i in {_iterable(random)})$i#if($foreach.count == 2)#break#end{end}",
            f"#foreach($i in {_iterable(random)}){inner}#else none{end}",
            f"#foreach($i in {_iterable(random)})"
            f"#foreach($j in [1..2])$foreach.parent.count.$foreach.count #end{end}",
            f"#macro(m{depth} $a $b)<$a|$!b>{inner}{end}#m{depth}({_expression(random, 1)} $y)#m{depth}($x)",
            f"#macro(w{depth})[$!bodyContent]{end}#@w{depth}(){inner}#end",
            f"#define($d){inner}{end}$d-$d",
            f'#evaluate("{random.choice(("$x", "#set($q = 5)$q", "#if($y)1#end", "$nope"))}")',
            f"#set($foo.k = {condition})$foo.k",
            f"#set($foo.list[0] = {condition})$foo.list",
            "#unknown(1)",
            "#unknown",
            "#[[raw $x #end]]#",
            "## comment\n",
            "#* c *#",
            "#** doc *#",
            "#stop",
        )
    )


def _iterable(random: Random) -> str:
    return random.choice(
        (
            "$items",
            "[1..3]",
            "$foo.list",
            "['a', 'b']",
            "$foo",
            "[]",
            "$nope",
            "$x",
            "[3..$y]",
            "$matrix",
            "{'k': 'v'}",
        )
    )


def _block(random: Random, depth: int) -> str:
    return "".join(_statement(random, depth) for _ in range(random.randrange(1, 4)))


def _grammar(random: Random) -> str:
    return _block(random, random.randrange(1, 4))


# -- loose fragments


_PIECES = [
    "$",
    "#",
    "\\",
    "!",
    "{",
    "}",
    "(",
    ")",
    "[",
    "]",
    ".",
    "|",
    "'",
    '"',
    " ",
    "\n",
    "$x",
    "${x}",
    "$!x",
    "$!{x}",
    "$foo.bar",
    "$foo.",
    "$foo.list[0]",
    "$x.length()",
    "#if",
    "#end",
    "#else",
    "#set",
    "#foo",
    "#{else}",
    "#if(",
    ")",
    "#set($y=1)",
    "#if(true)",
    "#if(false)",
    "##",
    "#*",
    "*#",
    "#[[",
    "]]#",
    "a",
    "true",
    "1",
    "5",
    "-",
    "$1",
    "$-",
    "||",
    "\\$x",
    "\\\\$x",
    "\\#if",
    "\\#foo",
    "$\\!x",
    "$$x",
    "$!",
    "#@",
    "@",
    "\t",
    "\r\n",
    "é",
    "$x$y",
    "$nope",
    "\\$nope",
]


def _fragments(random: Random) -> str:
    return "".join(random.choice(_PIECES) for _ in range(random.randrange(1, 9)))


# -- methods


_PATTERNS = [
    '[^0-9+]', r'\s+', r'\d{3}', r'\D', r'\w+', r'\W', '[a-zA-Z]+', r'(\d+)-(\w+)', r'\.', '[.]',
    r'\bfoo\b', '^H', '.$', '(?i)ann', '(?m)^l', '(?s).+', 'a|b', 'a*', 'b?', '(a)(a)', '(?:a)+',
    r'(?<n>\d)(\d)', r'\p{L}+', r'\p{Lu}', r'\p{Punct}', r'\p{Alpha}', r'[\p{L}\d]+', r'\P{L}',
    r'\Qa.b\E', r'[\w.]+', r'[^\w\s]', r'\x41', r'\t', r'\n', r'\R', r'\h', 'a++', '(?>a+)b', '(?=l)',
    '(?<=l)o', '(?!l)o', '(?<!l)o', r'\$', '[$]', '\\\\', r'[\[\]]', '[a-c&&[b]]', '[a[b]]', '[]a]',
    '[^]a]', '(', '*', 'a{2,1}', '[z-a]', r'\z', r'\Z', r'\A.', '$', '^', '(a)|(b)', r'(?<n>a)\k<n>',
    r'(a)\1', r'\1', r'\cA', '[-a]', '[+-]', r'\_', r'\y', '{', '}', 'a{', ']', r'\p{Foo}', r'\pL',
    '.+', '[.]+$', r'\s*,\s*', r'\|', '[|]',
]  # fmt: skip
_REPLACEMENTS = ("<>", "", "$0", "[$1]", "${n}", "\\$", "\\\\", "$", "x$", "$2")


def _methods(random: Random) -> str:
    names = (
        "input.name",
        "input.note",
        "input.phone",
        "input.q",
        "input.text",
        "x",
        "state",
        "objs",
        "foo.bar",
    )
    out = []
    for _ in range(random.randrange(1, 4)):
        subject, pattern = random.choice(names), random.choice(_PATTERNS)
        replacement, number = random.choice(_REPLACEMENTS), random.randrange(-1, 6)
        call = random.choice(
            (
                f"replaceAll('{pattern}', '{replacement}')",
                f"replaceAll('{pattern}', '<>')",
                f"replaceFirst('{pattern}', '{replacement}')",
                f"matches('.*{pattern}.*')",
                f"split('{pattern}')",
                f"split('{pattern}', {number})",
                f"substring({number})",
                f"substring({number}, {number + random.randrange(4)})",
                f"indexOf('{random.choice('ae 1')}', {number})",
                f"lastIndexOf('{random.choice('ae 1')}', {number})",
                f"charAt({number})",
                f"repeat({number})",
                f"compareTo({random.choice(('$x', '5', 'true'))})",
                f"concat({random.choice(('$x', '5', '$input.list', '$nope'))})",
                f"contains({random.choice(('$x', '5', '$nope'))})",
                "hashCode()",
                "toLowerCase().toUpperCase()",
            )
        )
        out.append(f"[${subject}.{call}]")
    return " ".join(out)
