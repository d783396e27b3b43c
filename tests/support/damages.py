"""Twenty ways in which requests are damaged on their way from a person's head to the wire."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from jackfield.domain.finding import Finding
from support.valid_requests import Request, Requests, body_text, written

Path = tuple[str, ...]


@dataclass(frozen=True)
class Damaged:
    """A request that was damaged.

    Args:
        request: as it was sent, but for its body.
        meant: as it should have been sent.
        way: name of the damage.
        text: what is on the clipboard.
        body: the body as it was sent.
        codes: any of these says what happened.
        pointer: of the place that was damaged; None if it is the text or the address as a whole.
        offset: of the damage in `body`; -1 where the pointer says it.
    """

    request: Request
    meant: Request
    way: str
    text: str
    body: str
    codes: tuple[str, ...]
    pointer: str | None = None
    offset: int = -1

    @property
    def line(self) -> int | None:
        """1-based line of the damage in the text; None where lines say nothing."""
        start = self.text.find(self.body)
        if self.offset < 0 or start < 0:
            return None
        return self.text.count("\n", 0, start + self.offset) + 1

    def with_ids(self, ids: Mapping[str, str]) -> Damaged:
        """Return it with the ids of entities that exist."""
        text, body = self.text, self.body
        for named, made in ids.items():
            text, body = text.replace(named, made), body.replace(named, made)
        return replace(
            self, request=self.request.with_ids(ids), meant=self.meant.with_ids(ids), text=text, body=body
        )

    def is_pointed_at_by(self, finding: Finding) -> bool:
        """Tell if a finding says what happened, and where."""
        at_place = self.pointer in (None, finding.place.pointer)
        at_line = self.line in (None, finding.place.line)
        return finding.code in self.codes and at_place and at_line


@dataclass(frozen=True)
class Hit:
    """What a damage did to a request.

    Args:
        body: the new text of the body; or a new value, to be written as JSON.
        codes, pointer, offset: as in `Damaged`.
        request: another address, None for the same.
        meant: what is meant all the same, None for what was meant before.
    """

    body: Any
    codes: tuple[str, ...]
    pointer: str | None = None
    offset: int = -1
    request: Request | None = None
    meant: Request | None = None


Way = Callable[[random.Random, Request, str], Hit | None]


def damaged_requests(seed: int, count: int, family: Requests | None = None) -> Iterator[Damaged]:
    """Yield damaged requests: the operations in turn, and of the ways that fit the one done least."""
    requests, chance = family or Requests(seed), random.Random(seed + 1)
    done = dict.fromkeys(WAYS, 0)
    for number in range(count):
        request = requests.makers[number % len(requests.makers)]()
        names = sorted(WAYS, key=lambda name: (done[name], chance.random()))
        damaged = next(filter(None, (_damage(chance, name, request) for name in names)))
        done[damaged.way] += 1
        yield damaged


def _damage(chance: random.Random, way: str, request: Request) -> Damaged | None:
    text = body_text(chance, request.body)
    hit = WAYS[way](chance, request, text)
    if hit is None:
        return None
    sent = hit.request or request
    body = hit.body if isinstance(hit.body, str) else body_text(chance, hit.body)
    meant = hit.meant or request
    return Damaged(sent, meant, way, written(sent, body), body, hit.codes, hit.pointer, hit.offset)


def trailing_comma(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A comma behind the last member."""
    end = text.rstrip().rindex("}")
    before = len(text[:end].rstrip())
    return Hit(text[:before] + "," + text[before:], ("JSON_TRAILING_COMMA",), None, before)


def smart_quotes(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A word processor turned the quotes; escaped ones are another matter."""
    if '\\"' in text:
        return None
    parts = text.split('"')
    mended = "".join(part + ("“" if index % 2 == 0 else "”") for index, part in enumerate(parts[:-1]))
    return Hit(mended + parts[-1], ("JSON_SMART_QUOTES",), None, text.index('"'))


def single_quotes(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The printed form of a Python dict."""
    if request.form == "curl" or "\\" in text or "'" in text:
        return None
    return Hit(text.replace('"', "'"), ("JSON_WRONG_QUOTES",), None, text.index('"'))


def comma_missing(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A comma between two members is gone."""
    places = [match.start() for match in re.finditer(r',\s+"[A-Za-z]+": ', text)]
    if not places:
        return None
    place = chance.choice(places)
    return Hit(text[:place] + text[place + 1 :], ("JSON_COMMA_MISSING",), None, place - 1)


def comment(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A remark behind a line."""
    if "\n" not in text:
        return None
    place = text.index("\n")
    return Hit(text[:place] + " // as in the docs" + text[place:], ("JSON_COMMENT",), None, place + 1)


def cut_off(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The closing brackets were not copied."""
    short = text.rstrip("} \n")
    return Hit(short, ("JSON_UNCLOSED_BRACKET",)) if not short.endswith("{") else None


def unquoted_keys(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A JavaScript literal: keys without quotes."""
    changed = text
    for name in dict.fromkeys(_names(request.body)):
        if name.isidentifier():
            changed = changed.replace(f'"{name}":', f"{name}:")
    return Hit(changed, ("JSON_UNQUOTED_KEY",), None, text.index('"'))


def byte_order_mark(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The file was saved with a byte-order mark."""
    return Hit("\ufeff" + text, ("JSON_BYTE_ORDER_MARK", "JSON_ODD_SPACE"), None, 0)


def duplicate_key(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A member was copied and stands there twice."""
    name = next(iter(request.body))
    line = json.dumps(request.body[name])
    return Hit("{" + f'"{name}": {line}, ' + text[1:].lstrip(), ("JSON_DUPLICATE_KEY",), f"/{name}")


def line_break_in_string(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A string runs over two lines."""
    name = request.body.get("name")
    place = text.find(f'"{name}"') if name else -1
    if place < 0:
        return None
    meant = replace(request, body=request.body | {"name": f"\n{name}"})
    body = text[: place + 1] + "\n" + text[place + 1 :]
    return Hit(body, ("JSON_CONTROL_CHARACTER",), "/name", meant=meant)


def wrapped(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The calling form of the JavaScript SDK."""
    return Hit({"body": request.body}, ("BODY_WRAPPED",), "/body")


def in_a_list(chance: random.Random, request: Request, text: str) -> Hit | None:
    """PowerShell made a list of it."""
    return Hit([request.body], ("BODY_IN_A_LIST",), "")


def encoded_twice(chance: random.Random, request: Request, text: str) -> Hit | None:
    """JSON inside of a JSON string."""
    return Hit(json.dumps(text), ("BODY_ENCODED_TWICE",), "")


def member_misspelt(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A name in lower case."""
    name = chance.choice([one for one in request.body if one != one.lower()] or [""])
    if not name:
        return None
    members = {(key.lower() if key == name else key): value for key, value in request.body.items()}
    return Hit(members, ("MEMBER_MISSING", "MEMBER_UNKNOWN"), f"/{name.lower()}")


def value_in_other_case(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A word of the API in another spelling; beside the integrations any case is taken."""
    if "ntegration" not in request.operation:
        return None
    spellings: tuple[tuple[Path, tuple[str, ...]], ...] = (
        (("intendedState",), ("INTENDED_STATE_CASE",)),
        (("type", "name"), ("CREDENTIAL_TYPE_UNKNOWN",)),
        (("integrationType", "id"), ("INTEGRATION_TYPE_UNKNOWN",)),
        (("config", "request", "requestType"), ("REQUEST_TYPE_UNKNOWN",)),
        (("type",), ("CREDENTIAL_TYPE_UNKNOWN",)),
    )
    for path, codes in spellings:
        value = _at(request.body, path)
        if isinstance(value, str):
            other = value.lower() if value != value.lower() else value.title()
            return Hit(_changed(request.body, path, other), codes, "/" + "/".join(path))
    slot = request.slot.lower()
    if slot == request.slot:
        return None
    credentials = {slot: request.body["credentials"][request.slot]}
    return Hit(
        _changed(request.body, ("credentials",), credentials), ("SLOT_UNKNOWN",), f"/credentials/{slot}"
    )


def member_encoded_twice(chance: random.Random, request: Request, text: str) -> Hit | None:
    """An inner object was serialized before the whole was."""
    names = [name for name, value in request.body.items() if isinstance(value, dict) and name != "type"]
    if not names:
        return None
    name = chance.choice(names)
    inner = json.dumps(request.body[name])
    return Hit(_changed(request.body, (name,), inner), ("MEMBER_ENCODED_TWICE",), f"/{name}")


def without_slot(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The answer of POST credentials stands where the slot map belongs."""
    if not request.slot:
        return None
    identifier = request.body["credentials"][request.slot]["id"]
    info = {
        "id": identifier,
        "name": "made before",
        "createdDate": "2026-03-04T05:06:07Z",
        "type": {"name": request.needs[-1]["credential"]},
        "selfUri": f"/api/v2/integrations/credentials/{identifier}",
    }
    return Hit(_changed(request.body, ("credentials",), info), ("CREDENTIALS_BARE_INFO",), "/credentials")


def wrong_path(chance: random.Random, request: Request, text: str) -> Hit | None:
    """A path that somebody remembered almost."""
    path = request.path.replace("/integrations", "/integration", 1)
    for words in ("/roles", "/users", "/groups", "/clients", "/datatables"):
        if words in path:
            path = path.replace(words, words[:-1], 1)
            break
    if path.endswith("/config/current"):
        path = request.path.removesuffix("/current")
    return Hit(text, ("PATH_UNKNOWN",), request=replace(request, path=path))


def wrong_method(chance: random.Random, request: Request, text: str) -> Hit | None:
    """PUT and PATCH confused, or POST taken for everything."""
    method = {"POST": "PUT", "PUT": "POST", "PATCH": "PUT"}[request.method]
    return Hit(text, ("METHOD_NOT_ALLOWED",), request=replace(request, method=method))


def wrong_host(chance: random.Random, request: Request, text: str) -> Hit | None:
    """The host that the browser shows instead of the API's."""
    if request.form == "body":
        return None
    host = request.host.replace("api.", chance.choice(("apps.", "login.")), 1)
    return Hit(text, ("REGION_HOST",), request=replace(request, host=host))


def _names(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield name
            yield from _names(inner)


def _at(value: Any, path: Path) -> Any:
    for name in path:
        value = value.get(name) if isinstance(value, dict) else None
    return value


def _changed(value: dict[str, Any], path: Path, new: Any) -> dict[str, Any]:
    """Return a copy with another value at a path."""
    name, *rest = path
    return value | {name: _changed(value[name], tuple(rest), new) if rest else new}


WAYS: dict[str, Way] = {
    "trailing comma": trailing_comma,
    "smart quotes": smart_quotes,
    "single quotes": single_quotes,
    "comma missing": comma_missing,
    "comment": comment,
    "cut off": cut_off,
    "unquoted keys": unquoted_keys,
    "byte-order mark": byte_order_mark,
    "duplicate key": duplicate_key,
    "line break in a string": line_break_in_string,
    "wrapped": wrapped,
    "in a list": in_a_list,
    "encoded twice": encoded_twice,
    "member misspelt": member_misspelt,
    "value in other case": value_in_other_case,
    "member encoded twice": member_encoded_twice,
    "credential without slot": without_slot,
    "wrong path": wrong_path,
    "wrong method": wrong_method,
    "wrong host": wrong_host,
}
