"""What SARIF 2.1.0 demands of the parts that dblint writes, as a JSON Schema in our own words.

Read from the standard (OASIS, sections 3.13 to 3.58); `additionalProperties: false` names the properties that we use,
so that a misspelt one fails.
"""

from __future__ import annotations

from typing import Any


def _object(required: list[str], properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False}


def _list(items: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "array", "items": items, **more}


_TEXT = {"type": "string"}
_POSITIVE = {"type": "integer", "minimum": 1}
_BAG = {"type": "object", "properties": {"tags": _list(_TEXT, uniqueItems=True)}}
_MESSAGE = _object(["text"], {"text": {"type": "string", "minLength": 1}, "markdown": _TEXT})
_LEVEL = {"enum": ["none", "note", "warning", "error"]}
_ARTIFACT = _object(["uri"], {"uri": {"type": "string", "format": "uri-reference"}, "uriBaseId": _TEXT})
_REGION = _object(
    ["startLine"], {"startLine": _POSITIVE, "startColumn": _POSITIVE, "endLine": _POSITIVE, "endColumn": _POSITIVE}
)
_PHYSICAL = _object(["artifactLocation"], {"artifactLocation": _ARTIFACT, "region": _REGION})
_LOCATION = _object(
    [],
    {
        "id": {"type": "integer", "minimum": -1},
        "physicalLocation": _PHYSICAL,
        "logicalLocations": _list(_object([], {"fullyQualifiedName": _TEXT, "kind": _TEXT}), uniqueItems=True),
        "message": _MESSAGE,
    },
)
_RULE = _object(
    ["id"],
    {
        "id": _TEXT,
        "shortDescription": _MESSAGE,
        "fullDescription": _MESSAGE,
        "help": _MESSAGE,
        "defaultConfiguration": _object([], {"level": _LEVEL}),
        "properties": _BAG,
    },
)
_NOTIFICATION = _object(["message"], {"level": _LEVEL, "message": _MESSAGE, "locations": _list(_LOCATION)})
_SUPPRESSION = _object(
    ["kind"],
    {
        "kind": {"enum": ["inSource", "external"]},
        "status": {"enum": ["accepted", "underReview", "rejected"]},
        "justification": _TEXT,
        "location": _LOCATION,
    },
)
_RESULT = {
    **_object(
        ["message"],
        {
            "ruleId": _TEXT,
            "ruleIndex": {"type": "integer", "minimum": -1},
            "kind": {"enum": ["notApplicable", "pass", "fail", "review", "open", "informational"]},
            "level": _LEVEL,
            "message": _MESSAGE,
            "locations": _list(_LOCATION),
            "relatedLocations": _list(_LOCATION, uniqueItems=True),
            "partialFingerprints": {"type": "object", "additionalProperties": _TEXT},
            "suppressions": _list(_SUPPRESSION, uniqueItems=True),
            "properties": _BAG,
        },
    ),
    # Section 3.27.9: whatever is no failure has the level "none".
    "if": {"properties": {"kind": {"const": "fail"}}},
    "else": {"properties": {"level": {"const": "none"}}},
}
_DRIVER = _object(
    ["name"],
    {
        "name": _TEXT,
        "semanticVersion": _TEXT,
        "informationUri": {"type": "string", "format": "uri"},
        "rules": _list(_RULE, uniqueItems=True),
    },
)
_RUN = _object(
    ["tool"],
    {
        "tool": _object(["driver"], {"driver": _DRIVER}),
        "automationDetails": _object([], {"id": _TEXT}),
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "originalUriBaseIds": {"type": "object", "additionalProperties": _object([], {"description": _MESSAGE})},
        "invocations": _list(
            _object(
                ["executionSuccessful"],
                {
                    "executionSuccessful": {"type": "boolean"},
                    "exitCode": {"type": "integer"},
                    "toolExecutionNotifications": _list(_NOTIFICATION),
                },
            )
        ),
        "results": _list(_RESULT),
    },
)
SCHEMA = _object(["version", "runs"], {"$schema": _TEXT, "version": {"const": "2.1.0"}, "runs": _list(_RUN)})
