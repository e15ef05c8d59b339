"""Files that only their user may read, encrypted when there is a key, and overwritten when they are removed."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from dialogue.core.errors import DialogueError
from dialogue.core.extras import how_to_install
from dialogue.core.files import replacing

KEY = "DIALOGUE_PEOPLE_KEY"
SEALED = ".fernet"  # suffix of encrypted files
MAKE_KEY = 'python -c "from cryptography.fernet import Fernet; print(Fernet.generate_key().decode())"'


class SealError(DialogueError, ValueError):
    """A key that is missing, wrong or no key."""


class Seal:
    """Reads and writes the files of one folder; without a key they are not encrypted.

    Args:
        key: 32 bytes in URL-safe base64, as :data:`MAKE_KEY` makes one (Fernet: AES-128 in CBC mode with HMAC-SHA256).

    Raises:
        SealError: it is no key.
        ModuleNotFoundError: the package ``cryptography`` is not installed.
    """

    def __init__(self, key: str | None = None) -> None:
        self._fernet: Any = None
        if key is not None:
            try:
                from cryptography.fernet import Fernet
            except ModuleNotFoundError as error:
                raise ModuleNotFoundError(
                    f"a key needs cryptography, which is not installed. {how_to_install('people')}", name=error.name
                ) from error
            try:
                self._fernet = Fernet(key.strip())
            except ValueError as error:
                raise SealError(
                    f"key: found {len(key.strip())} characters that are no key. Make one: {MAKE_KEY}"
                ) from error

    def write(self, path: Path, content: bytes) -> None:
        """Write a file, completely or not at all; with a key it gets the suffix :data:`SEALED`."""
        target = _sealed(path) if self._fernet else path
        target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with replacing(target) as part:
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with open(descriptor, "wb") as file:
                file.write(self._fernet.encrypt(content) if self._fernet else content)
                file.flush()
                os.fsync(file.fileno())
        if target != path:
            _overwrite(path)

    def read(self, path: Path) -> bytes:
        """Read a file, whether it is encrypted or not.

        Raises:
            SealError: it is encrypted, and the key is missing or another one.
            FileNotFoundError: there is no such file.
        """
        if not (sealed := _sealed(path)).exists():
            return path.read_bytes()
        if self._fernet is None:
            raise SealError(f"{sealed}: encrypted. Give the key: --key-file FILE, or {KEY}.")
        from cryptography.fernet import InvalidToken

        try:
            content: bytes = self._fernet.decrypt(sealed.read_bytes())
        except InvalidToken as error:
            raise SealError(f"{sealed}: written with another key, or damaged. Give the key that it has.") from error
        return content

    def close(self, folder: Path) -> None:
        """Encrypt the files of a folder that were written without a key; without one now, do nothing."""
        for path in sorted(folder.rglob("*")) if self._fernet else ():
            if path.is_file() and path.suffix in (".json", ".npz"):
                self.write(path, path.read_bytes())


def exists(path: Path) -> bool:
    """Tell whether there is a file, encrypted or not."""
    return path.exists() or _sealed(path).exists()


def erase(path: Path) -> None:
    """Overwrite a file, encrypted or not, and remove it. A disk may still have copies, which no program can reach."""
    for each in {path, _sealed(path)}:
        _overwrite(each)


def _overwrite(path: Path) -> None:
    if path.exists():
        with path.open("r+b") as file:
            file.write(os.urandom(path.stat().st_size))
            file.flush()
            os.fsync(file.fileno())
        path.unlink()


def _sealed(path: Path) -> Path:
    return path if path.suffix == SEALED else path.with_name(path.name + SEALED)
