"""JSON documents inside of properties: objects in CloudFormation, mostly texts in Terraform."""

from __future__ import annotations

from dblint.model import Unknown, Value
from dblint.reading import Read, undetermined
from dblint.view import Seen


def document_at(seen: Seen, name: str, *keys: str) -> Value:
    """What stands at a path of the document that the property `name` holds; None where nothing does. Undetermined
    where nobody knows it."""
    value = seen.raw(name)
    if isinstance(value, str):
        value = _parsed(value)
    elif isinstance(value, Unknown) and value.inner:
        value = value.inner.data
    for key in keys:
        if not isinstance(value, Unknown):
            value = seen.reading.resolve(value.get(key)) if isinstance(value, dict) else None
    path = (*seen.path, name, *keys)
    if isinstance(value, Unknown):
        seen.reading.reads.append(Read(seen.resource, path, value, "unknown", value.because))
        undetermined(value.because)
    seen.reading.reads.append(Read(seen.resource, path, value, "absent" if value is None else "known"))
    return value


def _parsed(text: str) -> Value:
    import json

    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return Unknown("it is no JSON document")
