"""The key file: the master key as a small text file that only its owner can read."""

from __future__ import annotations

import base64
import binascii
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from jackfield.domain.catalogue import found
from jackfield.domain.errors import OperationRefused
from jackfield.domain.finding import Place
from jackfield.vault.derivation import KEY_BYTES
from jackfield.vault.keyring import MasterKey

HEADER: Final = "jackfield-master-key:1"
OWNER_ONLY: Final = 0o600
LARGEST: Final = 4096


@dataclass(frozen=True, slots=True)
class KeyFile:
    """A master key in a file: a header line, then 32 bytes as one line of base64.

    Args:
        path: where it is, or shall be.
    """

    path: Path

    def exists(self) -> bool:
        """Tell if something is there, be it readable or not."""
        return os.path.lexists(self.path)

    def create(self) -> MasterKey:
        """Write a new key, durable before this returns, and return it.

        The key is written under another name and then linked to its own, so that a crash leaves either no key
        file or a whole one, and an existing file is never replaced.

        Raises:
            OperationRefused: KEY_UNUSABLE.
        """
        key = MasterKey.generate()
        draft = self.path.with_name(f".{self.path.name}.{os.getpid()}")
        try:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            draft.unlink(missing_ok=True)
            _write_new(draft, _text(key))
            try:
                os.link(draft, self.path)
            finally:
                draft.unlink()
            _sync_folder(self.path.parent)
        except OSError as error:
            raise self._refused("KEY_UNUSABLE", reason=_reason(error)) from error
        return key

    def read(self) -> MasterKey:
        """Return the key of the file.

        Raises:
            OperationRefused: KEY_MISSING, KEY_READABLE, KEY_MALFORMED or KEY_UNUSABLE.
        """
        try:
            with self.path.open("rb") as file:
                self._check_mode(os.fstat(file.fileno()).st_mode)
                content = file.read(LARGEST + 1)
        except FileNotFoundError as error:
            raise self._refused("KEY_MISSING") from error
        except IsADirectoryError as error:
            raise self._refused("KEY_MALFORMED", reason="it is a folder") from error
        except OSError as error:
            raise self._refused("KEY_UNUSABLE", reason=_reason(error)) from error
        return self._parse(content)

    def _check_mode(self, mode: int) -> None:
        if mode & (stat.S_IRWXG | stat.S_IRWXO):
            raise self._refused("KEY_READABLE", mode=f"{stat.S_IMODE(mode):04o}")

    def _parse(self, content: bytes) -> MasterKey:
        lines = content.decode("ascii", "replace").split()
        if not lines or len(content) > LARGEST:
            reason = "it is empty" if not lines else f"it is larger than {LARGEST} bytes"
            raise self._refused("KEY_MALFORMED", reason=reason)
        if lines[0] != HEADER:
            raise self._refused("KEY_MALFORMED", reason=f"its first line is not `{HEADER}`")
        if len(lines) != 2:
            raise self._refused("KEY_MALFORMED", reason=f"it has {len(lines)} lines instead of 2")
        try:
            secret = base64.b64decode(lines[1], validate=True)
        except (binascii.Error, ValueError):
            # Not chained: the driver's error would carry the line.
            raise self._refused("KEY_MALFORMED", reason="its second line is not base64") from None
        if len(secret) != KEY_BYTES:
            raise self._refused(
                "KEY_MALFORMED", reason=f"its key has {len(secret)} bytes instead of {KEY_BYTES}"
            )
        return MasterKey(secret)

    def _refused(self, code: str, *, reason: str = "", mode: str = "") -> OperationRefused:
        return OperationRefused(found(code, Place("key file"), path=self.path, reason=reason, mode=mode))


def _text(key: MasterKey) -> bytes:
    return f"{HEADER}\n{base64.b64encode(key.secret).decode()}\n".encode()


def _write_new(path: Path, content: bytes) -> None:
    """Write a file that must not exist yet, readable by its owner alone from its first moment."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, OWNER_ONLY)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make the folder's entry for a new file survive a power loss."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
