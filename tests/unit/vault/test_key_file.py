"""The key file: how it is made, and every way in which it is refused."""

from __future__ import annotations

import base64
import os
import stat
from pathlib import Path

import pytest

from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Finding
from jackfield.vault import KeyFile, MasterKey
from jackfield.vault.key_file import HEADER

GOOD = f"{HEADER}\n{base64.b64encode(bytes(range(32))).decode()}\n"


@pytest.fixture
def file(tmp_path: Path) -> KeyFile:
    """A place for a key file in a folder that does not exist yet."""
    return KeyFile(tmp_path / "data" / "master.key")


def _put(file: KeyFile, content: str | bytes, mode: int = 0o600) -> None:
    file.path.parent.mkdir(exist_ok=True)
    file.path.write_bytes(content if isinstance(content, bytes) else content.encode())
    file.path.chmod(mode)


def _refusal(file: KeyFile) -> Finding:
    with pytest.raises(OperationRefused) as caught:
        file.read()
    finding = caught.value.findings[0]
    assert str(file.path) in finding.message
    assert finding.fix
    return finding


def test_a_created_key_reads_back(file: KeyFile) -> None:
    """The file holds the key that was returned, and two files hold two keys."""
    key = file.create()
    assert file.read() == key
    assert KeyFile(file.path.with_name("other.key")).create() != key


def test_a_created_file_is_for_its_owner_alone(file: KeyFile) -> None:
    """Whatever the umask is, nobody else can read the file or look into its folder; nothing else is left."""
    before = os.umask(0)
    try:
        file.create()
    finally:
        os.umask(before)
    assert stat.S_IMODE(file.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.path.parent.stat().st_mode) == 0o700
    assert list(file.path.parent.iterdir()) == [file.path]


def test_the_file_is_never_readable_while_it_is_made(file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """The mode is given when the file is opened, exclusively; file and folder are synced before it counts."""
    opened: list[tuple[int, int]] = []
    synced: list[bool] = []
    real_open, real_sync = os.open, os.fsync

    def spying_open(path: str | Path, flags: int, mode: int = 0o777) -> int:
        if flags & os.O_CREAT:
            opened.append((flags & os.O_EXCL, mode))
        return real_open(path, flags, mode)

    def spying_sync(descriptor: int) -> None:
        synced.append(stat.S_ISDIR(os.fstat(descriptor).st_mode))
        real_sync(descriptor)

    monkeypatch.setattr(os, "open", spying_open)
    monkeypatch.setattr(os, "fsync", spying_sync)
    file.create()
    assert opened == [(os.O_EXCL, 0o600)]
    assert synced == [False, True]


def test_an_existing_file_is_not_replaced(file: KeyFile) -> None:
    """Creating over a key, of whatever form, is refused and leaves it; no draft stays behind."""
    _put(file, GOOD)
    with pytest.raises(OperationRefused) as caught:
        file.create()
    assert caught.value.findings[0].code == "KEY_UNUSABLE"
    assert "file exists" in caught.value.message
    assert file.path.read_text() == GOOD
    assert list(file.path.parent.iterdir()) == [file.path]


def test_a_killed_creation_leaves_no_half_key(file: KeyFile, monkeypatch: pytest.MonkeyPatch) -> None:
    """Stopped before the last step there is no key file, and the next start makes one."""

    def stopped(*_args: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(os, "link", stopped)
        with pytest.raises(KeyboardInterrupt):
            file.create()
    assert not file.exists()
    assert file.create() == file.read()


def test_a_stale_draft_is_no_obstacle(file: KeyFile) -> None:
    """What a killed process of the same number left is overwritten."""
    file.path.parent.mkdir()
    draft = file.path.with_name(f".{file.path.name}.{os.getpid()}")
    draft.write_text("half")
    assert file.create() == file.read()
    assert not draft.exists()


@pytest.mark.parametrize("text", [GOOD, GOOD.rstrip("\n"), GOOD.replace("\n", "\r\n")])
def test_line_ends_do_not_matter(file: KeyFile, text: str) -> None:
    """A file that an editor touched still reads."""
    _put(file, text)
    assert file.read() == MasterKey(bytes(range(32)))


def test_a_missing_file_says_what_to_restore(file: KeyFile) -> None:
    """The refusal names the path and that a backup is needed."""
    finding = _refusal(file)
    assert finding.code == "KEY_MISSING"
    assert "backup" in finding.fix


@pytest.mark.parametrize("mode", [0o604, 0o640, 0o660, 0o644, 0o602, 0o610])
def test_a_file_that_others_can_use_is_refused(file: KeyFile, mode: int) -> None:
    """Group or world, read or write or execute: any bit is too much, and the command to mend it is shown."""
    _put(file, GOOD, mode)
    finding = _refusal(file)
    assert finding.code == "KEY_READABLE"
    assert f"{mode:04o}" in finding.message
    assert f"chmod 600 {file.path}" in finding.fix


@pytest.mark.parametrize("mode", [0o600, 0o400])
def test_owner_only_modes_are_taken(file: KeyFile, mode: int) -> None:
    """A read-only key file is as good."""
    _put(file, GOOD, mode)
    assert file.read() == MasterKey(bytes(range(32)))


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("", "it is empty"),
        ("\n\n", "it is empty"),
        (GOOD.splitlines()[1], "its first line is not"),
        (HEADER, "1 lines instead of 2"),
        (GOOD + "more\n", "3 lines instead of 2"),
        (f"{HEADER}\n!!!!\n", "not base64"),
        (f"{HEADER}\n{base64.b64encode(bytes(31)).decode()}\n", "31 bytes instead of 32"),
        (GOOD[:-6], "not base64"),
        (b"\xff\xfe\x00" * 50, "its first line is not"),
        ("x" * 5000, "larger than"),
        (GOOD.replace(":1", ":2"), "its first line is not"),
    ],
)
def test_a_malformed_file_is_refused(file: KeyFile, content: str | bytes, reason: str) -> None:
    """Each way of being no key is named, and nothing of the content is repeated."""
    _put(file, content)
    finding = _refusal(file)
    assert finding.code == "KEY_MALFORMED"
    assert reason in finding.message
    assert GOOD.splitlines()[1][:16] not in str(finding)


def test_a_folder_is_no_key(file: KeyFile) -> None:
    """A folder in its place is refused like any other file that is no key."""
    file.path.mkdir(parents=True)
    assert _refusal(file).code == "KEY_MALFORMED"


def test_an_operating_system_error_is_told(tmp_path: Path) -> None:
    """Where no file can be, reading and creating say so."""
    (tmp_path / "file").write_text("")
    blocked = KeyFile(tmp_path / "file" / "master.key")
    for attempt in (blocked.read, blocked.create):
        with pytest.raises(OperationRefused) as caught:
            attempt()
        assert caught.value.findings[0].code == "KEY_UNUSABLE"


def test_the_key_is_not_in_errors(file: KeyFile) -> None:
    """A damaged key file's content is not in the error, nor in what it was raised from."""
    secret = base64.b64encode(b"TOP SECRET KEY MATERIAL 01234567").decode()
    _put(file, f"{HEADER}\n{secret}!\n")
    with pytest.raises(OperationRefused) as caught:
        file.read()
    chain: BaseException | None = caught.value
    while chain is not None:
        assert secret[:12] not in f"{chain!r} {chain}"
        chain = chain.__cause__
