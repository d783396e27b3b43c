"""`--fix`: what lint can mend safely, as exact changes of the author's own files."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

from jackfield.domain.action import ActionConfig, RequestConfig, ResponseConfig
from jackfield.domain.json_reader import escaped
from jackfield.rules.lint import LintOptions, Splice
from jackfield.velocity import VelocityError, compile_template
from jackfield.workbench.documents import ActionDocument, Scalar
from jackfield.workbench.files import replace_text
from jackfield.workbench.forms.file_text import read_file
from jackfield.workbench.forms.folder_form import ACTION_FILE
from jackfield.workbench.forms.scalars import changed, respliced
from jackfield.workbench.forms.yaml_text import YamlFault, read_yaml
from jackfield.workbench.linting import Linted, lint

MARK: Final = "\ufeff"
_MOST_ROUNDS: Final = 10
_LONGEST_COMPARED: Final = 4000


@dataclass(frozen=True, slots=True)
class FileChange:
    """A file before and after.

    Args:
        path: the file.
        old: its text, a byte-order mark included.
        new: its text after mending.
    """

    path: Path
    old: str
    new: str

    def diff(self) -> str:
        """Return the change as a unified diff."""
        lines = difflib.unified_diff(
            self.old.splitlines(keepends=True),
            self.new.splitlines(keepends=True),
            f"{self.path}",
            f"{self.path} (mended)",
        )
        return "".join(
            line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines
        )

    def write(self) -> None:
        """Write the file, keeping its permissions; where a link leads to it, the link stays.

        Raises:
            OperationRefused: it cannot be written.
        """
        target = self.path.resolve()
        mode = target.stat().st_mode
        replace_text(target, self.new)
        target.chmod(mode)


@dataclass(frozen=True, slots=True)
class Mended:
    """An action with what is safe to mend mended.

    Args:
        before: what lint found in the files.
        document: the action after mending.
        count: how many findings are gone.
        edits: what changes in the files.
    """

    before: Linted
    document: ActionDocument
    count: int
    edits: tuple[tuple[Scalar, str], ...]


def mend(document: ActionDocument, options: LintOptions, ignored: Collection[str] = ()) -> Mended:
    """Return an action with every safe fix made, again and again until there is none left.

    Args:
        document: as it was read; files of Terraform and plans are never changed.
        options: how to judge what is not known of the cloud.
        ignored: codes of findings that are left alone.
    """
    before = lint(document, options)
    current, linted = document, before
    for _ in range(_MOST_ROUNDS):
        splices = _chosen(linted, ignored)
        if not splices or document.origin.scalar is None:
            break
        current = _spliced(current, splices)
        linted = lint(current, options)
    written, edits = _written(document, current)
    count = len(before.findings) - len(lint(written, options).findings) if edits else 0
    return Mended(before, written, count, edits)


def changes_of(mended: Sequence[Mended]) -> tuple[FileChange, ...]:
    """Return the files that change, each once, also where several actions stand in one file.

    Raises:
        OperationRefused: a file cannot be read any more.
    """
    by_file: dict[Path, dict[int, tuple[Scalar, str]]] = {}
    for one in mended:
        for scalar, raw in one.edits:
            by_file.setdefault(scalar.path, {})[scalar.start] = (scalar, raw)
    made = (_file_change(path, list(edits.values())) for path, edits in by_file.items())
    return tuple(one for one in made if one is not None)


def _file_change(path: Path, edits: list[tuple[Scalar, str]]) -> FileChange | None:
    whole = read_file(path).decode()
    mark = MARK if whole.startswith(MARK) else ""
    old = whole.removeprefix(mark)
    new = old
    for scalar, raw in sorted(edits, key=lambda one: one[0].start, reverse=True):
        if old[scalar.start : scalar.end] != scalar.raw:
            # Somebody wrote the file meanwhile.
            return None
        new = new[: scalar.start] + raw + new[scalar.end :]
    if path.name == ACTION_FILE and not _keeps_the_rest(old, new, len(edits)):
        return None
    return FileChange(path, mark + old, mark + new)


def _keeps_the_rest(old: str, new: str, count: int) -> bool:
    """Tell if two YAML texts differ in as many values as were changed, and in nothing else."""
    try:
        before, after = (dict(_values(read_yaml(text).root)) for text in (old, new))
    except YamlFault:
        return False
    differing = [where for where, value in before.items() if after.get(where) != value]
    return before.keys() == after.keys() and len(differing) == count


def _values(node: Any, where: str = "") -> Iterator[tuple[str, Any]]:
    plain = node.plain() if node is not None else None
    stack = [(where, plain)]
    while stack:
        at, value = stack.pop()
        if isinstance(value, dict):
            stack += [(f"{at}/{name}", inner) for name, inner in value.items()]
        elif isinstance(value, list):
            stack += [(f"{at}/{index}", inner) for index, inner in enumerate(value)]
        yield at, value if not isinstance(value, dict | list) else type(value).__name__


def _chosen(linted: Linted, ignored: Collection[str]) -> list[Splice]:
    """Return the splices of as many findings as go together."""
    chosen: list[Splice] = []
    for finding, splices in zip(linted.findings, linted.splices, strict=True):
        if finding.code in ignored:
            continue
        if not any(_overlap(one, other) for one in splices for other in chosen):
            chosen += splices
    return chosen


def _overlap(one: Splice, other: Splice) -> bool:
    if one.pointer != other.pointer:
        return False
    return one == other or not (one.end <= other.start or other.end <= one.start)


def _spliced(document: ActionDocument, splices: Sequence[Splice]) -> ActionDocument:
    """Return a document whose texts are changed."""
    by_pointer: dict[str, list[tuple[int, int, str]]] = {}
    for splice in sorted(splices, key=lambda one: one.start):
        by_pointer.setdefault(splice.pointer, []).append((splice.start, splice.end, splice.text))
    texts = texts_of(document.config)
    for pointer, changes in by_pointer.items():
        text = changed(texts[pointer], changes)
        # Velocity reads some sequences otherwise than they look; no mending may break what parses.
        if _parses(text) or not _parses(texts[pointer]):
            texts[pointer] = text
    return replace(document, config=_with_texts(document.config, texts))


def _parses(text: str) -> bool:
    try:
        compile_template(text, strict=True)
    except VelocityError:
        return False
    return True


def texts_of(config: ActionConfig) -> dict[str, str]:
    """Return the texts of a configuration by their pointers in the API form."""
    request, response = config.request, config.response
    texts = {
        "/config/request/requestUrlTemplate": request.url_template,
        "/config/request/requestType": request.request_type,
        "/config/request/requestTemplate": request.template,
        "/config/response/successTemplate": response.success_template,
    }
    for base, named in (
        ("/config/request/headers", request.headers),
        ("/config/response/translationMap", response.translation_map),
        ("/config/response/translationMapDefaults", response.translation_map_defaults),
    ):
        texts |= {f"{base}/{escaped(name)}": text for name, text in named.items()}
    return texts


def _with_texts(config: ActionConfig, texts: Mapping[str, str]) -> ActionConfig:
    def named(base: str, old: Mapping[str, str]) -> dict[str, str]:
        return {name: texts[f"{base}/{escaped(name)}"] for name in old}

    request, response = config.request, config.response
    return replace(
        config,
        request=RequestConfig(
            url_template=texts["/config/request/requestUrlTemplate"],
            request_type=texts["/config/request/requestType"],
            headers=named("/config/request/headers", request.headers),
            template=texts["/config/request/requestTemplate"],
        ),
        response=ResponseConfig(
            translation_map=named("/config/response/translationMap", response.translation_map),
            translation_map_defaults=named(
                "/config/response/translationMapDefaults", response.translation_map_defaults
            ),
            success_template=texts["/config/response/successTemplate"],
        ),
    )


def _written(
    document: ActionDocument, mended: ActionDocument
) -> tuple[ActionDocument, tuple[tuple[Scalar, str], ...]]:
    """Return what changes in the files; a text that cannot be changed exactly keeps what it says."""
    old, new = texts_of(document.config), dict(texts_of(mended.config))
    edits: list[tuple[Scalar, str]] = []
    for pointer, text in old.items():
        if new[pointer] == text:
            continue
        scalar = document.origin.scalar(pointer) if document.origin.scalar is not None else None
        raw = respliced(scalar, _differences(text, new[pointer])) if scalar and scalar.value == text else None
        if scalar is None or raw is None:
            new[pointer] = text
        else:
            edits.append((scalar, raw))
    return replace(document, config=_with_texts(document.config, new)), tuple(edits)


def _differences(old: str, new: str) -> list[tuple[int, int, str]]:
    """Return how one text becomes the other, changing as little as can be found quickly."""
    lead = _common(old, new)
    tail = _common(old[lead:][::-1], new[lead:][::-1])
    before, after = old[lead : len(old) - tail], new[lead : len(new) - tail]
    if len(before) + len(after) > _LONGEST_COMPARED:
        return [(lead, lead + len(before), after)]
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    return [
        (lead + start, lead + end, after[first:last])
        for tag, start, end, first, last in matcher.get_opcodes()
        if tag != "equal"
    ]


def _common(one: str, other: str) -> int:
    count = 0
    for left, right in zip(one, other, strict=False):
        if left != right:
            break
        count += 1
    return count
