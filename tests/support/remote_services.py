"""The platform's API and others, over TLS and by their real names: a proxy leads them all to this machine."""

from __future__ import annotations

import asyncio
import json
import re
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import trustme

from support.connect_proxy import ConnectProxy
from support.web_service import Received, WebService, Writer, reply

REGION = "mypurecloud.ie"
TOKEN = "token-of-the-remote-platform"
CLIENT_ID, CLIENT_SECRET = "9c1d2e3f-0000-4000-8000-00000000c11e", "secret-of-the-remote-client"
HOSTS = (f"api.{REGION}", f"login.{REGION}", "dev1.service-now.com", "mail.example.com", "crm.example.com")
Route = tuple[str, str, str, Callable[[re.Match[str], Any], Any]]


def _contact(_: re.Match[str], body: Any) -> Any:
    return {"id": "contact-1", "firstName": body["firstName"], "version": 1}


def _callback(_: re.Match[str], body: Any) -> Any:
    return {"conversation": {"id": "conversation-9"}, "callbackIdentifiers": body["callbackNumbers"]}


def _row(match: re.Match[str], body: Any) -> Any:
    return {"key": match["key"].replace("%20", " "), **(body or {"colour": "blue"})}


def _conversation(match: re.Match[str], _: Any) -> Any:
    if match["id"] == "without-callbacks":
        return {"id": match["id"], "participants": [{"purpose": "agent"}]}
    return {
        "id": match["id"],
        "participants": [
            {
                "purpose": "customer",
                "attributes": {"note": 'say "hi"'},
                "callbacks": [{"state": "connected"}],
            },
            {"purpose": "agent", "attributes": {}},
        ],
    }


def _chat(_: re.Match[str], __: Any) -> Any:
    def message(number: int, kind: str) -> dict[str, Any]:
        return {
            "id": f"m{number}",
            "bodyType": kind,
            "body": f"text {number}",
            "sender": {"id": f"s{number}"},
        }

    kinds = ("member-join", "standard", "notice", "standard", "member-leave")
    return {"entities": [message(number, kind) for number, kind in enumerate(kinds)]}


def _skills(_: re.Match[str], __: Any) -> Any:
    skills = [("Dutch", 4.5), ("Billing", 2.0)]
    return {
        "entities": [{"id": name.lower(), "name": name, "proficiency": grade} for name, grade in skills],
        "pageCount": 1,
    }


def _zones(_: re.Match[str], __: Any) -> Any:
    zones = [("Europe/Paris", 60), ("Australia/Sydney", 600)]
    return {"entities": [{"id": name, "offset": offset} for name, offset in zones], "total": 2}


def _users(_: re.Match[str], __: Any) -> Any:
    return {"result": [{"sys_id": "5137153cc611227c000bbd1bd8cd2005"}, {"sys_id": "another"}]}


API = f"api.{REGION}"
ROUTES: tuple[Route, ...] = (
    ("POST", API, r"/api/v2/externalcontacts/contacts", _contact),
    ("POST", API, r"/api/v2/conversations/callbacks", _callback),
    ("GET", API, r"/api/v2/flows/datatables/(?P<table>[^/]+)/rows/(?P<key>[^?]+)\?showbrief=false", _row),
    ("PUT", API, r"/api/v2/flows/datatables/(?P<table>[^/]+)/rows/(?P<key>[^?]+)", _row),
    ("GET", API, r"/api/v2/timezones\?.*", _zones),
    ("GET", API, r"/api/v2/users/[^/]+/routingskills\?pageSize=100&pageNumber=1", _skills),
    ("GET", API, r"/api/v2/conversations/messages/[^/]+/messages/[^/]+", lambda _, __: {"textBody": 'a "b"'}),
    ("GET", API, r"/api/v2/conversations/chats/[^/]+/messages\?after=.*", _chat),
    ("GET", API, r"/api/v2/conversations/(?P<id>[^/?]+)", _conversation),
    ("POST", API, r"/api/v2/conversations/messages/agentless", lambda _, body: {"id": "sms-1", **body}),
    ("PATCH", API, r"/api/v2/routing/conversations/[^/]+", lambda _, body: {"priority": body["priority"]}),
    ("GET", "dev1.service-now.com", r"/api/now/table/sys_user\?mobile_phone=%2B31.*", _users),
    ("POST", "mail.example.com", r"/v1/mails", lambda _, body: {"accepted": 1, "echo": body}),
    ("GET", "crm.example.com", r"/cases/[^/]+", lambda _, __: {"status": "open"}),
)


@dataclass
class RemoteServices:
    """What tests need to reach the services, and to see what came.

    Args:
        proxy: leads to them.
        authority: signed their certificates.
    """

    proxy: ConnectProxy
    authority: trustme.CA
    service: WebService

    @property
    def calls(self) -> list[Received]:
        """Requests that were no logins."""
        return [one for one in self.service.received if "/token" not in one.path]

    @property
    def logins(self) -> list[Received]:
        """Requests for tokens."""
        return [one for one in self.service.received if "/token" in one.path]


async def _answer(received: Received, writer: Writer) -> None:
    host = received.headers["host"]
    body = json.loads(received.body) if received.body.startswith(b"{") else None
    if received.path in ("/oauth/token", "/token"):
        writer.write(reply(json.dumps({"access_token": TOKEN, "token_type": "bearer"}).encode()))
    elif host in (API, "crm.example.com") and received.headers.get("authorization") != f"Bearer {TOKEN}":
        writer.write(reply(b'{"message": "no token"}', "401 Unauthorized"))
    else:
        writer.write(_routed(received, host, body))
    await writer.drain()


def _routed(received: Received, host: str, body: Any) -> bytes:
    for method, wanted, path, answer in ROUTES:
        match = re.fullmatch(path, received.path)
        if match is not None and (method, wanted) == (received.method, host):
            return reply(json.dumps(answer(match, body)).encode())
    return reply(json.dumps({"message": f"{received.method} {received.path}"}).encode(), "404 Not Found")


@contextmanager
def remote_services() -> Iterator[RemoteServices]:
    """Run the services and the proxy in a thread of their own."""
    authority = trustme.CA()
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert(*HOSTS).configure_cert(context)
    service, proxy = WebService(_answer), ConnectProxy()
    ready, loop = threading.Event(), asyncio.new_event_loop()
    done = asyncio.Event()

    async def serve() -> None:
        async with service.running(context):
            proxy.port_behind = service.port
            async with proxy.running():
                ready.set()
                await done.wait()
                service.abort_all()

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert ready.wait(10)
    try:
        yield RemoteServices(proxy, authority, service)
    finally:
        loop.call_soon_threadsafe(done.set)
        thread.join(10)
        loop.close()
