"""Sets the stage, tells the story, and clears the stage in all cases."""

from __future__ import annotations

import contextlib
import json
import secrets
import shutil
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from jackfield.cli.exit_codes import ExitCode
from jackfield.cli.output import Output
from jackfield.client.errors import ApiError
from jackfield.demo.narration import Narrator, Recorder, Teller
from jackfield.demo.processes import Process
from jackfield.demo.stage import Stage, StoryDiffers
from jackfield.demo.story import NEXT, STEPS
from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.domain.secret import Secret
from jackfield.settings import read_environment

USER_NAME = "parcel-desk"


def tell(output: Output, *, folder: Path | None = None, pause: float = 0.0) -> int:
    """Tell the whole story.

    Args:
        output: of the command; with JSON the story becomes one document.
        folder: keeps data and logs; None for a temporary one that is removed.
        pause: seconds between steps.

    Returns:
        The exit code.

    Raises:
        StoryDiffers: something did not go as told.
        OperationRefused: a process did not start, or the folder is in use.
    """
    began = time.monotonic()
    recorder = Recorder(output)
    narrator: Narrator = recorder if output.json else Teller(pause)
    with _folder(folder) as place, contextlib.ExitStack() as stack:
        stage = _set_stage(narrator, place, stack)
        for step in STEPS:
            stage.step = step.title
            narrator.step(step.title, step.text)
            _act(stage, step.act)
        _check_disk(stage, place)
    narrator.end(NEXT)
    lasted = round(time.monotonic() - began, 1)
    output.document({"steps": recorder.steps, "next": recorder.next, "seconds": lasted})
    output.text()
    output.text(f"All {len(STEPS)} steps went as told, in {lasted} s.")
    return ExitCode.OK


def _act(stage: Stage, act: Callable[[Stage], None]) -> None:
    try:
        act(stage)
    except ApiError as error:
        story = stage.differ("the server refused.", "Success.", seen=f"HTTP {error.status} {error.message}")
        raise StoryDiffers(*story.findings, *error.findings) from error
    stage.settle()


def _set_stage(narrator: Narrator, place: Path, stack: contextlib.ExitStack) -> Stage:
    environment = _environment()
    password = Secret(secrets.token_urlsafe(15))
    admitted = json.dumps({"userName": USER_NAME, "password": password.reveal()})
    web_service = stack.enter_context(
        Process(
            "jackfield.demo.web_service",
            (),
            environment=environment,
            log=place / "web-service.log",
            first_input=admitted,
        )
    )

    def start_server() -> Process:
        arguments = ("up", "--port", "0", "--data-dir", str(place / "data"), "--json")
        log = place / "server.log"
        return stack.enter_context(Process("jackfield.cli.main", arguments, environment=environment, log=log))

    stage = Stage(narrator, web_service, start_server, USER_NAME, password)
    stage.learned["webService"] = str(web_service.first_line["url"])
    stack.callback(stage.close_client)
    return stage


def _environment() -> Mapping[str, str]:
    """The user's environment without server settings, which would make it another story."""
    return {name: value for name, value in read_environment().items() if not name.startswith("JACKFIELD_")}


@contextlib.contextmanager
def _folder(wanted: Path | None) -> Iterator[Path]:
    if wanted is None:
        place = Path(tempfile.mkdtemp(prefix="jackfield-demo-"))
        try:
            yield place
        finally:
            shutil.rmtree(place)
        return
    if wanted.exists() and any(wanted.iterdir()):
        finding = found(
            "CONNECTION_SETTING_REFUSED", Place("--keep"), name="--keep", wanted="a new or empty folder"
        )
        raise OperationRefused(finding, exit_code=ExitCode.USAGE)
    wanted.mkdir(parents=True, exist_ok=True)
    yield wanted


def _check_disk(stage: Stage, place: Path) -> None:
    """No file of the server may hold the password in clear."""
    needle = stage.password.reveal().encode()
    holding = [path.name for path in place.rglob("*") if path.is_file() and needle in path.read_bytes()]
    stage.expect("the list of files with the password in clear", holding, [])
    stage.settle()
    stage.narrator.say(
        "The password is in no file of the data directory and in no log: it is kept encrypted."
    )
