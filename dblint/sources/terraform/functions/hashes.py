"""Digests of texts."""

from __future__ import annotations

import base64
import hashlib
import uuid
from collections.abc import Callable

from dblint.sources.terraform.functions.registry import Function, plain
from dblint.sources.terraform.values.value import EvaluationError

_NAMESPACES = {
    "dns": uuid.NAMESPACE_DNS,
    "url": uuid.NAMESPACE_URL,
    "oid": uuid.NAMESPACE_OID,
    "x500": uuid.NAMESPACE_X500,
}


def hexadecimal(algorithm: str, content: bytes) -> str:
    return hashlib.new(algorithm, content, usedforsecurity=False).hexdigest()


def in_base64(algorithm: str, content: bytes) -> str:
    return base64.b64encode(hashlib.new(algorithm, content, usedforsecurity=False).digest()).decode()


def _of_text(digest: Callable[[str, bytes], str], algorithm: str) -> Function:
    return plain(lambda text: digest(algorithm, text.encode()))


def _uuid(namespace: str, name: str) -> str:
    known = _NAMESPACES.get(namespace)
    if known is None:
        try:
            known = uuid.UUID(namespace)
        except ValueError:
            raise EvaluationError("uuidv5 takes a UUID, or dns, url, oid or x500") from None
    return str(uuid.uuid5(known, name))


FUNCTIONS: dict[str, Function] = {
    "md5": _of_text(hexadecimal, "md5"),
    "sha1": _of_text(hexadecimal, "sha1"),
    "sha256": _of_text(hexadecimal, "sha256"),
    "sha512": _of_text(hexadecimal, "sha512"),
    "base64sha256": _of_text(in_base64, "sha256"),
    "base64sha512": _of_text(in_base64, "sha512"),
    "uuidv5": plain(_uuid, fallible=True),
}
