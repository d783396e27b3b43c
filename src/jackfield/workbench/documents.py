"""A data action as its author keeps it: in a file or folder of one of five forms."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final, Literal, Protocol

from jackfield.domain.action import ActionConfig, Contract
from jackfield.domain.finding import Finding, Place

Form = Literal["export", "api", "folder", "terraform", "plan"]
ActionType = Literal["custom", "customAuth"]
Style = Literal["json", "double", "single", "plain", "literal", "text"]

CUSTOM: Final = "custom"
CUSTOM_AUTH: Final = "customAuth"


class PlaceOf(Protocol):
    """Finds the place of a part of an action in the author's own file."""

    def __call__(self, pointer: str, offset: int = 0, width: int = 1) -> Place:
        """Return a place with file, line, column and excerpt.

        Args:
            pointer: JSON pointer into the API form, such as `/config/response/successTemplate` or
                `/contract/input/inputSchema/properties/id`, whatever the file's own form is. What does not
                stand in the file gives the place of what is around it.
            offset: 0-based index into the text at the pointer, such as into a template.
            width: how many characters of that text to underline.
        """
        ...


@dataclass(frozen=True, slots=True)
class Scalar:
    """A text in a file.

    Args:
        path: the file.
        start: index into the file's text (without byte-order mark) where the scalar begins, quotes included.
        end: index behind it.
        raw: what stands there.
        value: what it says.
        style: how it is written.
    """

    path: Path
    start: int
    end: int
    raw: str
    value: str
    style: Style


class ScalarOf(Protocol):
    """Finds a text of an action in its author's files."""

    def __call__(self, pointer: str) -> Scalar | None:
        """Return the text at a JSON pointer into the API form; None where there is none to be changed."""
        ...


@dataclass(frozen=True, slots=True)
class Origin:
    """Where an action was read.

    Args:
        path: the file, or the folder of the folder form.
        form: how it is written there.
        place: turns a pointer of the API form into the author's file, line and column.
        scalar: finds a text of the action in its files, so that it can be changed; None if they are not ours
            to change.
    """

    path: Path
    form: Form
    place: PlaceOf
    scalar: ScalarOf | None = None


@dataclass(frozen=True, slots=True)
class ActionDocument:
    """One data action with all that its file says. Two are equal if they say the same.

    Args:
        name: as in the file, with a suffix that an export may have added.
        integration_type: id such as `custom-rest-actions`; "" where the form does not name it.
        action_type: `customAuth` for the login of a web services integration.
        category: "" where the form has none.
        config: taken as it stands, whether it is right or not; absent templates have their defaults.
        contract: the author's JSON text of both schemas.
        secure: takes sensitive data.
        origin: where it was read.
        integration_id: "" where the form has none.
        findings: warnings met while reading, such as members that mean nothing.
    """

    name: str
    integration_type: str
    action_type: ActionType
    category: str
    config: ActionConfig
    contract: Contract
    secure: bool
    origin: Origin = field(compare=False, repr=False)
    integration_id: str = ""
    findings: tuple[Finding, ...] = field(default=(), compare=False, repr=False)

    @property
    def is_login(self) -> bool:
        """True for the login action of an integration."""
        return self.action_type == CUSTOM_AUTH


def in_file(place: Place, path: Path) -> Place:
    """Return a place with the file in which it counts."""
    return replace(place, file=str(path))


def finding_in_file(finding: Finding, path: Path) -> Finding:
    """Return a finding whose place names its file."""
    return replace(finding, place=in_file(finding.place, path))
