"""What the story's steps share: the client, the processes, what was learned, and what is expected."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from jackfield.client.actions import Actions
from jackfield.client.errors import ApiError
from jackfield.client.http import Answer, Client
from jackfield.client.integrations import Integrations
from jackfield.client.profiles import Connection
from jackfield.client.regions import Addresses
from jackfield.demo import material
from jackfield.demo.narration import Narrator
from jackfield.demo.processes import Process
from jackfield.domain.catalogue import found
from jackfield.domain.errors import JackfieldError
from jackfield.domain.finding import Finding
from jackfield.domain.secret import MASK, Secret

ROOT = "/api/v2/integrations"
SHORT = 94


def pretty(value: object) -> str:
    """Return JSON text: on one line if it is short."""
    line = json.dumps(value, ensure_ascii=False)
    return line if len(line) <= SHORT else json.dumps(value, indent=2, ensure_ascii=False)


class StoryDiffers(JackfieldError):
    """Something did not go as the story says; each finding is one difference."""

    code = "story.differs"


@dataclass
class Stage:
    """Everything on stage.

    Args:
        narrator: tells what happens.
        web_service: the process that data actions call.
        start_server: starts the server on the story's data directory.
        password: of the web service; never shown.
        learned: values for the places in later requests, such as `integrationId`.
    """

    narrator: Narrator
    web_service: Process
    start_server: Callable[[], Process]
    user_name: str
    password: Secret
    server: Process | None = None
    client_id: str = ""
    client_secret: Secret | None = None
    learned: dict[str, str] = field(default_factory=dict)
    remembered: dict[str, Any] = field(default_factory=dict)
    differences: list[Finding] = field(default_factory=list)
    step: str = ""
    _client: Client | None = None

    @property
    def client(self) -> Client:
        """A client of the running server."""
        assert self._client is not None
        return self._client

    @property
    def integrations(self) -> Integrations:
        """Typed calls about integrations."""
        return Integrations(self.client)

    @property
    def actions(self) -> Actions:
        """Typed calls about data actions."""
        return Actions(self.client)

    @property
    def url(self) -> str:
        """Where the server listens now."""
        assert self.server is not None
        return str(self.server.first_line["url"])

    def open(self) -> None:
        """Start the server and connect to it."""
        self.server = self.start_server()
        line = self.server.first_line
        self.client_id = str(line["client_id"])
        if line["client_secret"] is not None:
            self.client_secret = Secret(str(line["client_secret"]))
        self.close_client()
        addresses = Addresses(api=self.url, login=self.url)
        self._client = Client(Connection(addresses, self.client_id, self.client_secret))

    def close_client(self) -> None:
        """Close the client's connections."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def body(self, name: str, **values: object) -> str:
        """Return a request's text with its places filled from what was learned."""
        known = {**self.learned, "userName": self.user_name, "password": self.password.reveal()}
        return material.text(name, **{**known, **values})

    def send(
        self,
        method: str,
        path: str,
        body: str = "",
        *,
        shown: str | None = None,
        words: Callable[[dict[str, Any]], str] | None = None,
    ) -> dict[str, Any]:
        """Send a request that must succeed, show both, and return the answer's object.

        Args:
            shown: shown in place of the body.
            words: makes a few words of the answer; without it the whole answer is shown.
        """
        self.narrator.sent(method, path, self.masked(body if shown is None else shown))
        answer = self._request(method, path, body)
        self.expect_absent(answer.text)
        value = answer.object()
        if words is not None:
            self.narrator.answered(answer.status, self.masked(words(value)))
        else:
            self.narrator.answered(answer.status, "", self.masked(pretty(value)))
        return value

    def send_wrong(self, method: str, path: str, body: str) -> ApiError:
        """Send a request that must be refused, and show it with line numbers and its refusal."""
        self.narrator.sent(method, path, self.masked(body), numbered=True)
        try:
            answer = self._request(method, path, body)
        except ApiError as error:
            self.narrator.refused(error, body)
            return error
        self.narrator.answered(answer.status, "")
        raise self.differ("the server accepted it.", "A refusal.", seen=f"HTTP {answer.status}")

    def masked(self, text: str) -> str:
        """Hide the password."""
        return text.replace(self.password.reveal(), MASK)

    def expect(self, what: str, actual: object, wanted: object) -> None:
        """Note a difference if something is not as the story says."""
        if actual != wanted:
            self.note(f"{what} is not as told.", repr(wanted), seen=repr(actual))

    def expect_absent(self, text: str) -> None:
        """Note a difference if an answer holds the password."""
        if self.password.reveal() in text:
            self.note("the password came back in an answer.", "No secret in any answer.", seen=MASK)

    def note(self, expected: str, wanted: str, *, seen: str) -> None:
        """Note a difference; the step's end raises it."""
        self.differences.append(self._finding(expected, wanted, seen))

    def differ(self, expected: str, wanted: str, *, seen: str) -> StoryDiffers:
        """Return the error for a difference that the step cannot go on with."""
        return StoryDiffers(*self.differences, self._finding(expected, wanted, seen))

    def settle(self) -> None:
        """End a step.

        Raises:
            StoryDiffers: something differed.
        """
        if self.differences:
            raise StoryDiffers(*self.differences)

    def _request(self, method: str, path: str, body: str) -> Answer:
        return self.client.request(method, path, body=body.encode() if body else None)

    def _finding(self, expected: str, wanted: str, seen: str) -> Finding:
        return found(
            "STORY_DIFFERS",
            seen=self.masked(seen),
            step=self.step,
            expected=expected,
            wanted=self.masked(wanted),
        )
