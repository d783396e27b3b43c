"""The official JavaScript SDK in Node: its declarations (`index.d.ts`), and calls by operation id."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from support.sdk.shapes import Member
from support.server import Server

FOLDER = Path(__file__).parents[2] / "js"
DECLARATIONS = FOLDER / "node_modules" / "purecloud-platform-client-v2" / "index.d.ts"
_METHOD = re.compile(r"^\s+(\w+)\((.*)\): Promise<(.*)>;$", re.MULTILINE)
_CLASS = re.compile(r"^declare class (\w+Api)\b", re.MULTILINE)
_INTERFACE = re.compile(r"^\texport interface (\w+) \{\s*\n(.*?)^\t\}", re.MULTILINE | re.DOTALL)
_MEMBER = re.compile(r'"([^"]+)"(\??): (.*);$', re.MULTILINE)
_PARAMETER = re.compile(r"(\w+)\??: ")
_MAP = re.compile(r"\{ \[key: string\]: (.*?);? \}")
_SCALARS = {"string": "str", "number": "float", "boolean": "bool", "object": "any", "void": "", "any": "any"}


@dataclass(frozen=True)
class Method:
    """A method: the class that has it, its parameters but the options, what it promises."""

    api: str
    name: str
    parameters: tuple[str, ...]
    result: str


class JavaScriptDeclarations:
    """What `index.d.ts` declares. Enumerations are plain strings there."""

    def model(self, name: str) -> Mapping[str, Member] | None:
        """Return a model's members."""
        return _models().get(name)

    def result(self, operation: str) -> str:
        """Return the shape of what an operation answers."""
        return method_of(operation).result


class JavaScriptSdk:
    """Calls operations in one Node process.

    Args:
        server: logged in to through the SDK's gateway setting.
        token: of somebody else, instead.
    """

    declarations = JavaScriptDeclarations()

    def __init__(self, server: Server, token: str = "") -> None:
        assert DECLARATIONS.is_file(), "scripts/test-tools installs the JavaScript SDK"
        self._node = subprocess.Popen(
            ["node", "driver.js"], cwd=FOLDER, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        port = int(server.url.rpartition(":")[2])
        gateway = {"host": "127.0.0.1", "protocol": "http", "port": port}
        login = {"gateway": gateway, "id": server.client_id, "secret": server.client_secret, "token": token}
        self._exchange(login)

    def call(self, operation: str, arguments: Mapping[str, Any]) -> Any:
        """Call an operation; return its answer, None if it has no body."""
        method, left = method_of(operation), dict(arguments)
        positional = [left.pop(name) for name in method.parameters]
        asked = {"api": method.api, "method": method.name, "positional": positional, "options": left}
        return self._exchange(asked, operation)

    def close(self) -> None:
        """End the process."""
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.close()
        self._node.wait(10)
        self._node.stdout.close()

    def _exchange(self, asked: Mapping[str, Any], operation: str = "login") -> Any:
        assert self._node.stdin is not None
        assert self._node.stdout is not None
        self._node.stdin.write(json.dumps(asked) + "\n")
        self._node.stdin.flush()
        answer = json.loads(self._node.stdout.readline())
        assert answer["ok"], f"{operation}: {answer}"
        return answer.get("data")


def method_of(operation: str) -> Method:
    """Return the method of an operation; operation ids are the Python SDK's method names."""
    first, *rest = operation.split("_")
    return _methods()[first + "".join(part.capitalize() for part in rest)]


@cache
def _text() -> str:
    return DECLARATIONS.read_text(encoding="utf-8")


@cache
def _methods() -> Mapping[str, Method]:
    text = _text()
    found: dict[str, Method] = {}
    starts = list(_CLASS.finditer(text))
    for start, following in zip(starts, [*starts[1:], None], strict=True):
        body = text[start.end() : following.start() if following else len(text)]
        for name, parameters, result in _METHOD.findall(body):
            names = tuple(one for one in _PARAMETER.findall(parameters) if one not in ("opts", "key"))
            found.setdefault(name, Method(start[1], name, names, _shape(result)))
    return found


@cache
def _models() -> Mapping[str, Mapping[str, Member]]:
    text = _text()
    text = text[text.index("declare namespace Models") :]
    return {
        name: {
            member: Member(_shape(declared), required=not optional)
            for member, optional, declared in _MEMBER.findall(body)
        }
        for name, body in _INTERFACE.findall(text)
    }


def _shape(declared: str) -> str:
    if declared.startswith("Array<"):
        return f"list[{_shape(declared[6:-1])}]"
    if (match := _MAP.fullmatch(declared)) is not None:
        return f"dict[{_shape(match[1])}]"
    return _SCALARS.get(declared, declared.removeprefix("Models."))
