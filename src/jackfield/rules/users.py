"""Checks of a new user's body."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from jackfield.domain.finding import Checked
from jackfield.domain.json_reader import Reading
from jackfield.domain.secret import Secret
from jackfield.rules.members import FindingLog, Members, open_body

MEMBERS: Final = (
    "name",
    "email",
    "password",
    "title",
    "department",
    "state",
    "addresses",
    "divisionId",
    "id",
    "selfUri",
)
STATES: Final = ("active", "inactive")
SHORTEST_PASSWORD: Final = 8
LONGEST_PASSWORD: Final = 256
_EMAIL: Final = re.compile(r"[^@\s]{1,64}@[^@\s]{1,253}")


@dataclass(frozen=True, slots=True)
class NewUser:
    """A user as it was written. `password` is None for somebody who does not log in here."""

    name: str
    email: str
    password: Secret | None
    title: str
    department: str
    active: bool


def check_user(body: Reading, *, strict: bool = False) -> Checked[NewUser]:
    """Check the body of POST of a user.

    Args:
        body: as it was sent; addresses and division are accepted and not kept.
        strict: warnings refuse.
    """
    log = FindingLog(body, strict=strict)
    members = open_body(log, "user", '{"name": "Ada", "email": "ada@example.com"}', MEMBERS)
    if members is None:
        return log.checked(None)
    members.unknown(MEMBERS)
    name = members.text("name", example='"name": "Ada"', required=True, longest=256) or ""
    email = members.text("email", example='"email": "ada@example.com"', required=True) or ""
    if email and not _EMAIL.fullmatch(email):
        node = members.get("email")
        log.add("EMAIL_INVALID", node, members.at("email"), seen=log.reading.seen(node), value=email[:80])
    return log.checked(
        NewUser(
            name=name,
            email=email,
            password=_password(members),
            title=members.text("title") or "",
            department=members.text("department") or "",
            active=members.choice("state", STATES) != "inactive",
        )
    )


def _password(members: Members) -> Secret | None:
    text = members.text("password")
    if text is None:
        return None
    if not SHORTEST_PASSWORD <= len(text) <= LONGEST_PASSWORD:
        members.log.add("PASSWORD_WEAK", members.get("password"), members.at("password"), count=len(text))
    return Secret(text)
