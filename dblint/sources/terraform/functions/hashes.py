"""Digests of texts."""

from __future__ import annotations

import base64
from collections.abc import Callable

from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.values.value import EvaluationError

_NAMESPACES = ("dns", "url", "oid", "x500")


def _digest(algorithm: str, content: bytes) -> bytes:
    import hashlib  # it loads OpenSSL, and other functions come here for the digests of files

    return hashlib.new(algorithm, content, usedforsecurity=False).digest()


def hexadecimal(algorithm: str, content: bytes) -> str:
    return _digest(algorithm, content).hex()


def in_base64(algorithm: str, content: bytes) -> str:
    return base64.b64encode(_digest(algorithm, content)).decode()


def _of_text(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    return plain(lambda text: digest(algorithm, text.encode()))


def _uuid(namespace: str, name: str) -> str:
    import uuid

    if namespace in _NAMESPACES:
        return str(uuid.uuid5(getattr(uuid, f"NAMESPACE_{namespace.upper()}"), name))
    try:
        return str(uuid.uuid5(uuid.UUID(namespace), name))
    except ValueError:
        raise EvaluationError("uuidv5 takes a UUID, or dns, url, oid or x500") from None


FUNCTIONS: dict[str, Function] = {
    "md5": _of_text(hexadecimal, "md5"),
    "sha1": _of_text(hexadecimal, "sha1"),
    "sha256": _of_text(hexadecimal, "sha256"),
    "sha512": _of_text(hexadecimal, "sha512"),
    "base64sha256": _of_text(in_base64, "sha256"),
    "base64sha512": _of_text(in_base64, "sha512"),
    "uuidv5": plain(_uuid, fallible=True),
}
