"""Puts a new content in place of a file."""

from __future__ import annotations

import os
import tempfile
from pathlib import Path

from dblint.cli.refusal import failure


def replace_file(path: Path, content: bytes) -> None:
    """Puts the content in place of a file, whole or not at all, with the mode that it had. A link stays a link. Raises
    ClickException."""
    target = Path(os.path.realpath(path))
    try:
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.")
        with open(handle, "wb") as file:
            file.write(content)
        os.chmod(name, target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        os.replace(name, target)
    except OSError as error:
        raise failure(f"{path} can not be written: {error.strerror}") from None


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask
