"""The ASGI application: finds the route, lets the gate judge, calls the handler, sends the answer.

Three ways lead through it. Execute is answered on a fast path that reads nothing it does not need, from the
connection without ASGI's messages where the request is there as a whole; every other API operation goes
through its handler; the pages beside the API are a Starlette router. All of them share the gate, the standing
headers and the envelope of errors.
"""

from __future__ import annotations

import asyncio
from typing import Final

from starlette.requests import ClientDisconnect
from starlette.types import Message, Receive, Scope, Send

from jackfield.api.call import Call, repeatable, value_bytes
from jackfield.api.direct import DirectAnswer, DirectCycle, DirectExchange
from jackfield.api.exchange import (
    CORRELATION_HEADER,
    STANDING_HEADERS,
    Answer,
    Exchange,
    open_exchange,
    too_large,
    wanted_headers,
)
from jackfield.api.gate import Gate, is_plain, require_json
from jackfield.api.ledger import Ledger
from jackfield.api.login import LOGIN_PATHS, LOGIN_ROUTES, LoginService
from jackfield.api.metrics import Metrics
from jackfield.api.openapi import describe
from jackfield.api.options import ApiOptions, Headers
from jackfield.api.own_routes import OWN_HANDLERS, OWN_ROUTES
from jackfield.api.pages import PATHS, build_pages
from jackfield.api.query import Query
from jackfield.api.route_table import REMEMBERED_CHARACTERS, REMEMBERED_PATHS, Match, RouteTable
from jackfield.api.routes import EXECUTE, HANDLERS, RUNS, Handler
from jackfield.build import is_compiled
from jackfield.catalog import Route
from jackfield.domain.catalogue import found
from jackfield.domain.errors import (
    MethodNotAllowed,
    NotFound,
    NotImplementedHere,
    Refused,
)
from jackfield.domain.finding import Place
from jackfield.domain.identity import Caller, Principal
from jackfield.services.registry import Services

PREFLIGHT_HEADERS: Final[Headers] = (
    (b"access-control-allow-methods", b"GET, POST, PUT, PATCH, DELETE, OPTIONS"),
    (
        b"access-control-allow-headers",
        b"Authorization, Content-Type, Accept, purecloud-sdk, Idempotency-Key, ININ-Correlation-Id",
    ),
    (b"access-control-max-age", b"600"),
)
PAGE_ROUTES: Final = tuple(Route("GET", path, f"get_{path[1:]}", (), 200, public=True) for path in PATHS)
MAX_ANONYMOUS: Final = 200


def build_application(services: Services, options: ApiOptions) -> Application:
    """Return the ASGI application of the server."""
    return Application(services, options)


class Application:
    """The whole wire of one server.

    Args:
        services: what the server can do.
        options: ports and switches.
    """

    def __init__(self, services: Services, options: ApiOptions) -> None:
        self.options = options
        self.metrics = Metrics()
        self.metrics.watch(
            "jackfield_execution_log_dropped",
            "Executions that came too fast to be logged.",
            lambda: services.executions.dropped,
        )
        self.metrics.tell(
            "jackfield_build",
            "Which build of Jackfield runs.",
            version=options.version,
            kind="compiled" if is_compiled() else "pure",
        )
        self.table = RouteTable((*services.catalog.routes, *LOGIN_ROUTES, *PAGE_ROUTES, *OWN_ROUTES))
        self._services, self._executions = services, services.execution
        self._clock, self._ids = options.clock, options.ids
        self._bounds, self._origins = options.bounds, options.origins
        self._gate = Gate(services.identity, options)
        self._login = LoginService(services.identity, services.grants, options.bounds)
        self._direct: dict[bytes, Match] = {}
        self._ledger = Ledger(self.metrics, options)
        description = describe(services.catalog.routes, options.version)
        self._pages = build_pages(services.store, self.metrics, description)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one ASGI connection."""
        if scope["type"] == "lifespan":
            await _live(receive, send)
        elif scope["type"] == "http":
            correlation_id, origins = self.options.ids.uuid(), self.options.origins
            await self._serve(open_exchange(scope, receive, send, correlation_id, origins))

    def direct_match(self, url: bytes) -> Match | None:
        """Return where a POST leads if it may take the direct way: an execution without query parameters.

        Args:
            url: the request's target as it was sent.
        """
        known = self._direct.get(url)
        if known is not None:
            return known
        if not url.endswith(b"/execute") or not url.startswith(b"/") or b"?" in url or b"#" in url:
            return None
        match = self.table.match(url.decode("ascii")) if url.isascii() else None
        route = match.target.routes.get("POST") if match is not None else None
        if match is None or route is None or route.operation_id != EXECUTE:
            return None
        if len(url) <= REMEMBERED_CHARACTERS:
            if len(self._direct) >= REMEMBERED_PATHS:
                self._direct.clear()
            self._direct[url] = match
        return match

    def execute_now(
        self, cycle: DirectCycle, match: Match, url: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> bool:
        """Begin to answer an execution that is there as a whole, if nothing has to be waited for before.

        Args:
            cycle: where the answer goes.
            match: what `direct_match` returned.
            url: the request's target as it was sent.

        Returns:
            False if nothing was begun: `execute` has to do it.
        """
        wanted = wanted_headers(headers)
        if not is_plain(wanted, body, self._bounds):
            return False
        # One look at the clock for both, whether the token holds and when the execution began.
        now = self._clock.now()
        principal = self._gate.recognise(wanted, now)
        if principal is None:
            return False
        executions = self._executions
        runnable = executions.ready(principal.organization_id, match.parameters["actionId"])
        if runnable is None:
            return False
        exchange = self._direct_exchange(cycle, match, url, wanted)
        answering = DirectAnswer(cycle, exchange, self._ledger)
        answering.begin(self._gate, executions, match, principal, runnable, body, now)
        return True

    async def execute(
        self, cycle: DirectCycle, match: Match, url: bytes, headers: list[tuple[bytes, bytes]], body: bytes
    ) -> None:
        """Answer an execution that is there as a whole; takes what `execute_now` takes."""
        exchange = self._direct_exchange(cycle, match, url, wanted_headers(headers))
        started = self._ledger.begin()
        try:
            caller = await self._gate.admit(exchange, match.target.routes["POST"])
            if len(body) > self._bounds.body_bytes:
                raise too_large(self._bounds)
            await self._execute(exchange, caller, match.parameters["actionId"], body)
        except BaseException as fault:
            if not await self._failed(exchange, fault):
                raise
        finally:
            cycle.end()
            self._ledger.end(exchange, started)

    def _direct_exchange(
        self, cycle: DirectCycle, match: Match, url: bytes, headers: dict[bytes, bytes]
    ) -> DirectExchange:
        exchange = DirectExchange(cycle, self._ids.uuid(), url.decode(), headers, self._origins)
        exchange.route = match.target.path
        return exchange

    async def _serve(self, exchange: Exchange) -> None:
        started = self._ledger.begin()
        try:
            await self._dispatch(exchange)
        except BaseException as fault:
            if not await self._failed(exchange, fault):
                raise
        finally:
            self._ledger.end(exchange, started)

    async def _failed(self, exchange: Exchange, fault: BaseException) -> bool:
        """Answer what ended an operation; tell if that was possible."""
        answer = self._ledger.answer_to(fault, exchange)
        if answer is None:
            # Where the client went away nobody is left to answer; the metrics count that as status 0.
            return isinstance(fault, ClientDisconnect)
        await exchange.answer(answer)
        return True

    async def _dispatch(self, exchange: Exchange) -> None:
        match = self.table.match(exchange.path)
        if match is None:
            raise self._unknown_path(exchange)
        exchange.route = match.target.path
        if exchange.method == "OPTIONS":
            await exchange.answer(_preflight(match))
            return
        route = match.target.routes.get(exchange.method)
        if route is None:
            raise _wrong_method(exchange, match)
        if route.public and route.path in PATHS:
            await self._show_page(exchange, route.path)
        elif route.path in LOGIN_PATHS:
            await exchange.answer(await self._login.answer(exchange, route))
        else:
            await self._operate(exchange, route, match)

    async def _operate(self, exchange: Exchange, route: Route, match: Match) -> None:
        if route.public:
            # What the path tells is all that is asked for, so it also keeps the Idempotency-Keys apart.
            nobody = Principal("", exchange.path[:MAX_ANONYMOUS], None, frozenset())
            caller = Caller(nobody, exchange.correlation_id, self.options.strict)
        else:
            caller = await self._gate.admit(exchange, route)
        if route.operation_id == EXECUTE and not exchange.query:
            body = await exchange.body(self._bounds)
            await self._execute(exchange, caller, match.parameters["actionId"], body)
            return
        handler = HANDLERS.get(route.operation_id) or OWN_HANDLERS.get(route.operation_id)
        if handler is None:
            raise _not_implemented(route)
        call = await self._call(exchange, route, match, caller, handler)
        await exchange.answer(await self._handled(handler, call, route))

    async def _handled(self, handler: Handler, call: Call, route: Route) -> Answer:
        """Return a handler's answer, or give up when its time is over; runs of actions have their own."""
        seconds = None if route.operation_id in RUNS else self.options.bounds.request_seconds
        try:
            async with asyncio.timeout(seconds) as deadline:
                return await handler.handle(call)
        except TimeoutError:
            if not deadline.expired():
                raise
            raise Refused(found("REQUEST_TOO_LONG", seconds=seconds)) from None

    async def _execute(self, exchange: Exchange, caller: Caller, action_id: str, body: bytes) -> None:
        """The fast path: an execution without query parameters."""
        require_json(exchange, body)
        repeat = self._gate.repeat(exchange, body)
        if repeat is not None:
            caller = repeatable(caller, repeat, value_bytes)
        outcome = await self._executions.execute(caller, action_id, body, flatten=False)
        await exchange.answer(Answer(outcome.value, warnings=outcome.warnings))

    async def _call(
        self, exchange: Exchange, route: Route, match: Match, caller: Caller, handler: Handler
    ) -> Call:
        query = Query(exchange.query, [parameter.name for parameter in route.query])
        body = b""
        if handler.takes_body:
            body = await exchange.body(self.options.bounds)
            require_json(exchange, body)
        repeat = self._gate.repeat(exchange, body)
        return Call(self._services, caller, match.parameters, query, body, repeat)

    async def _show_page(self, exchange: Exchange, path: str) -> None:
        standing = [*STANDING_HEADERS, (CORRELATION_HEADER, exchange.correlation_id.encode())]

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                exchange.status = message["status"]
                message["headers"] = [*standing, *message["headers"]]
            await exchange.send(message)

        scope = {**exchange.scope, "path": path, "raw_path": path.encode()}
        await self._pages(scope, exchange.receive, send)

    def _unknown_path(self, exchange: Exchange) -> NotFound:
        shown = exchange.path[:200]
        nearest = self.table.nearest(exchange.path)
        listed = " or ".join(f"`{path}`" for path in nearest) or "a path below /api/v2/integrations"
        return NotFound(found("PATH_UNKNOWN", Place("path"), seen=shown, path=shown, nearest=listed))


def _preflight(match: Match) -> Answer:
    allow = ((b"allow", ", ".join(match.target.allowed).encode()),)
    return Answer(status=204, headers=(*allow, *PREFLIGHT_HEADERS))


def _wrong_method(exchange: Exchange, match: Match) -> MethodNotAllowed:
    allowed = match.target.allowed
    exchange.extra.append((b"allow", ", ".join(allowed).encode()))
    shown = exchange.method[:20]
    listed = " or ".join(method for method in allowed if method not in ("HEAD", "OPTIONS"))
    return MethodNotAllowed(
        found(
            "METHOD_NOT_ALLOWED",
            Place("method"),
            seen=shown,
            path=match.target.path,
            method=shown,
            allowed=listed,
        )
    )


def _not_implemented(route: Route) -> NotImplementedHere:
    return NotImplementedHere(
        found(
            "ROUTE_NOT_IMPLEMENTED",
            Place("path"),
            seen=f"{route.method} {route.path}",
            method=route.method,
            path=route.path,
            operation=route.operation_id,
        )
    )


async def _live(receive: Receive, send: Send) -> None:
    while True:
        message = await receive()
        if message["type"] == "lifespan.startup":
            await send({"type": "lifespan.startup.complete"})
        elif message["type"] == "lifespan.shutdown":
            await send({"type": "lifespan.shutdown.complete"})
            return
