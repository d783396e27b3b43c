"""Templates from the grammar of the language, from loose fragments of it, and from the methods of strings."""

from __future__ import annotations

from random import Random

_LEAVES = (
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


def _expression(random: Random, depth: int) -> str:
    if depth <= 0 or random.random() < 0.35:
        return random.choice(_LEAVES)
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


def grammar(random: Random) -> str:
    """Statements and expressions of the whole language."""
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


def fragments(random: Random) -> str:
    """Pieces of the language in any order, most of them not valid."""
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


def methods(random: Random) -> str:
    """Calls of string methods, many with regular expressions."""
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
