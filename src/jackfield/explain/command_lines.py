"""Requests out of command lines: curl, and PowerShell's Invoke-RestMethod."""

from __future__ import annotations

import re
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.finding import Finding, Place
from jackfield.domain.json_reader import read_json
from jackfield.explain.curl import CurlCommand, read_curl
from jackfield.explain.models import guess
from jackfield.explain.pieces import Piece, PieceKind
from jackfield.explain.routing import Routes, address_of
from jackfield.explain.shell import EXPANSION, Shell, Word, split_command
from jackfield.explain.text_lines import Lines

_HERE_DOCUMENT: Final = re.compile(
    r"<<-?[ \t]*(?P<quote>['\"]?)(?P<mark>\w{1,40})(?P=quote)[^\n]*\n(?P<body>.*?)\n[ \t]*(?P=mark)\b",
    re.DOTALL,
)


def curl_piece(text: str, start: int, stop: int, routes: Routes, lines: Lines) -> Piece:
    """Return the request of a curl command."""
    command = read_curl(text, start, stop)
    _take_here_document(command, text, start, stop)
    word = command.data[0] if len(command.data) == 1 else None
    return _piece(text, start, command, word, routes, lines)


def _take_here_document(command: CurlCommand, text: str, start: int, stop: int) -> None:
    """Take the body that a shell hands to curl's standard input."""
    document = _HERE_DOCUMENT.search(text, start, stop) if command.file == "-" else None
    if document is None:
        return
    quotes, body = {"'"} if document["quote"] else {'"'}, document["body"]
    expansions = [] if document["quote"] else EXPANSION.findall(body)
    command.data.append(Word(body, document.start("body"), quotes, expansions))
    command.file, command.end = "", document.end()


def invoke_piece(text: str, start: int, stop: int, routes: Routes, lines: Lines) -> Piece:
    """Return the request of PowerShell's Invoke-RestMethod or Invoke-WebRequest."""
    words, end = split_command(text[:stop], start, Shell.POWERSHELL)
    command = CurlCommand(end=end, method="GET", shell=Shell.POWERSHELL, words=words)
    command.headers["content-type"] = ""
    queue = iter(words[1:])
    for word in queue:
        name = word.text.lower()
        if name == "-method":
            command.method = next(queue, Word("GET")).text.upper()
        elif name == "-uri":
            command.url = next(queue, Word()).text
        elif name == "-contenttype":
            command.headers["content-type"] = next(queue, Word()).text
        elif name == "-body":
            body = next(queue, Word())
            if body.quotes:
                command.data.append(body)
        elif not name.startswith("-") and not command.url and "/" in name:
            command.url = word.text
    if not command.headers["content-type"]:
        del command.headers["content-type"]
    whole = command.data[0] if command.data else None
    return _piece(text, start, command, whole, routes, lines, form="PowerShell")


def _piece(
    text: str,
    start: int,
    command: CurlCommand,
    word: Word | None,
    routes: Routes,
    lines: Lines,
    form: str = "curl",
) -> Piece:
    address = address_of(command.url)
    route = routes.find(command.method, address.path) if address.path != "/" else None
    verbatim = word is not None and word.start >= 0 and text.startswith(word.text, word.start)
    body = read_json(command.body) if command.body is not None else None
    findings = tuple(_shell_findings(command, start, lines))
    guessed = guess(body.root) if body is not None and body.root is not None else None
    return Piece(
        PieceKind.REQUEST,
        form,
        start,
        command.end,
        *lines.span(start, command.end),
        method=command.method,
        url=command.url,
        headers=command.headers,
        route=route,
        model=route.request_model if route else guessed.model if guessed else "",
        body=body,
        body_at=word.start if verbatim and word is not None else None,
        findings=findings,
    )


def _shell_findings(command: CurlCommand, start: int, lines: Lines) -> list[Finding]:
    place = Place("command", lines.line(start), lines.column(start))
    noted: list[Finding] = []
    expansions = [one for one in command.expansions if not one.startswith("`")]
    if expansions:
        noted.append(
            found(
                "SHELL_EXPANDS",
                place,
                seen=", ".join(dict.fromkeys(expansions[:5])),
                shell=command.shell.value,
                first=expansions[0],
            )
        )
    if command.file:
        noted.append(found("BODY_IN_A_FILE", place, seen=f"@{command.file}", file=command.file))
    if command.data and command.method in ("GET", "HEAD"):
        noted.append(found("BODY_OF_A_GET", place, seen=command.method, method=command.method))
    problem = _quoting_problem(command)
    if problem:
        noted.append(found("CURL_QUOTING", place, seen=command.shell.value, problem=problem))
    return noted


def _quoting_problem(command: CurlCommand) -> str:
    body = command.body or ""
    if command.single_quoted:
        return (
            "The Windows command prompt knows no single quotes: the body is split at its blanks, and its"
            " double quotes are lost."
        )
    exe = command.words[0].text.lower().startswith("curl")
    bare = any(word.quotes == {"'"} and '"' in word.text for word in command.data)
    if command.shell is Shell.POWERSHELL and exe and bare and '\\"' not in body:
        return "Windows PowerShell takes the double quotes out of the body before curl.exe gets it."
    if _lost_its_quotes(body):
        return "The body has no quotes left: the shell took them before it was sent."
    return ""


def _lost_its_quotes(body: str) -> bool:
    """Tell an object from which a shell took every double quote."""
    return body.lstrip()[:1] == "{" and '"' not in body and "'" not in body and ":" in body
