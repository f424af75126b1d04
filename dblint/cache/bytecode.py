"""The bytecode of a folder of rules in one file: a hundred small files cost a start more than what is in them.

It lies in the folder's `__pycache__`, as the bytecode of the single files does, and is trusted as that is.
"""

from __future__ import annotations

import marshal
import os
import sys
from collections.abc import Mapping, Sequence
from types import CodeType

from dblint.disk import digest_of

# A file within the folder, with its size and its time.
File = tuple[str, int, int]


def known(folder: str, files: Sequence[File]) -> dict[str, CodeType]:
    """The code of each file, where that of all of them is kept and none has changed; else nothing."""
    try:
        with open(_path(folder), "rb") as file:
            content = file.read()
    except OSError:
        return {}
    stamp = _stamp(folder, files)
    if not content.startswith(stamp) or digest_of(content[len(stamp) + 16 :]) != content[len(stamp) : len(stamp) + 16]:
        return {}
    codes: dict[str, CodeType] = marshal.loads(content[len(stamp) + 16 :])
    return codes


def keep(folder: str, files: Sequence[File], codes: Mapping[str, CodeType]) -> None:
    """Keeps the code of the files, where Python keeps bytecode at all."""
    if sys.dont_write_bytecode:
        return
    content = marshal.dumps(dict(codes))
    path = _path(folder)
    try:
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(f"{path}.{os.getpid()}", "wb") as file:
            file.write(_stamp(folder, files) + digest_of(content) + content)
        os.replace(f"{path}.{os.getpid()}", path)
    except OSError:
        return


def _path(folder: str) -> str:
    return os.path.join(folder, "__pycache__", f"pack.{sys.implementation.cache_tag}.bin")


def _stamp(folder: str, files: Sequence[File]) -> bytes:
    return digest_of(repr((sys.version, folder, list(files))).encode("utf-8", "surrogateescape"))
