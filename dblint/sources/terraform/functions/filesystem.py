"""Functions of files: only what lies in the project is read; of anything else nothing is known.

Paths are relative to the root module, as Terraform's are.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterator

from dblint.model import Variable
from dblint.sources.files import Unreadable
from dblint.sources.terraform.functions import hashes
from dblint.sources.terraform.functions.registry import Function, open_to_unknown, plain
from dblint.sources.terraform.limits import LARGEST_FILE_READ, LARGEST_VALUE, LimitReached
from dblint.sources.terraform.values import types
from dblint.sources.terraform.values.derived import derived
from dblint.sources.terraform.values.operators import combined
from dblint.sources.terraform.values.value import (
    Evaluated,
    EvaluationError,
    Value,
    boolean,
    set_of,
    string,
    unknown,
)

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dblint.sources.terraform.evaluation.scope import Scope


# The key of the variable that is the folder that Terraform runs in.
CURRENT_DIRECTORY = "2 path.cwd"


class _Outside(Exception):
    """A path that leads out of the project."""


def _path(scope: Scope, path: str) -> str:
    """The path in the project. Raises _Outside."""
    run = scope.module.run
    if path.startswith("~") or "\0" in path:
        raise _Outside
    joined = path if path.startswith("/") else posixpath.join(run.root, path)
    inside = None if path.startswith("/") else run.project.files.inside(posixpath.normpath(joined))
    if inside is None:
        raise _Outside
    return inside


def _exists(scope: Scope, path: str) -> bool:
    folder, name = posixpath.split(path)
    return name in scope.module.run.project.files.names(folder or ".", ignored=True)


def _content(scope: Scope, path: str) -> bytes:
    inside = _path(scope, path)
    run = scope.module.run
    if not _exists(scope, inside):
        raise EvaluationError(f"there is no file {path}")
    try:
        content = run.project.files.read(inside, LARGEST_FILE_READ)
    except Unreadable:
        raise _Outside from None
    if len(content) > LARGEST_FILE_READ:
        raise _Outside
    run.files.add(inside)
    return content


def _text(scope: Scope, path: str) -> str:
    try:
        return _content(scope, path).decode("utf-8")
    except UnicodeDecodeError:
        raise EvaluationError(f"{path} is not UTF-8") from None


def _reading(name: str, read: Callable[[Scope, str], str]) -> Function:
    """A function of the content of a file."""

    def run(scope: Scope, path: Value) -> Evaluated:
        if path.kind == "unknown":
            return combined(derived(name, (path,), types.STRING, fallible=True), path)
        try:
            return combined(string(read(scope, path.data)), path)
        except _Outside:
            return unknown(f"{name} of {path.data!r}, which is not read", types.STRING, is_set=True, fallible=True)

    return open_to_unknown(run, scoped=True)


def _digest(digest: Callable[[str, bytes], str], algorithm: str) -> Callable[[Scope, str], str]:
    return lambda scope, path: digest(algorithm, _content(scope, path))


def _base64(scope: Scope, path: str) -> str:
    import base64

    return base64.b64encode(_content(scope, path)).decode()


def _fileexists(scope: Scope, path: Value) -> Evaluated:
    if path.kind == "unknown":
        return combined(derived("fileexists", (path,), types.BOOL, fallible=True), path)
    try:
        return boolean(_exists(scope, _path(scope, path.data)))
    except _Outside:
        return unknown(f"fileexists of {path.data!r}, which is not looked at", types.BOOL, is_set=True)


def _fileset(scope: Scope, folder: Value, pattern: Value) -> Evaluated:
    type = types.set_of(types.STRING)
    if folder.kind == "unknown" or pattern.kind == "unknown":
        return combined(derived("fileset", (folder, pattern), type, fallible=True), folder, pattern)
    try:
        top = _path(scope, folder.data)
    except _Outside:
        return unknown(f"fileset of {folder.data!r}, which is not looked at", type, is_set=True)
    wanted = _glob(pattern.data)
    found = sorted(name for name in _below(scope, top, "", pattern.data) if wanted.fullmatch(name))
    return set_of(map(string, found), types.STRING)


def _below(scope: Scope, top: str, prefix: str, pattern: str) -> Iterator[str]:
    """The files below a folder, as deep as the pattern may reach."""
    files = scope.module.run.project.files
    depth = LARGEST_VALUE if "**" in pattern else pattern.count("/")
    waiting, count = [(top, prefix)], 0
    while waiting:
        folder, before = waiting.pop()
        for name in files.names(folder, ignored=True):
            count += 1
            yield before + name
        if count > LARGEST_VALUE:
            raise LimitReached("a fileset has too many files")
        if before.count("/") < depth:
            waiting += ((posixpath.normpath(f"{folder}/{name}"), f"{before}{name}/") for name in files.folders(folder))


def _glob(pattern: str) -> re.Pattern[str]:
    """A pattern with *, ?, [...], {a,b} and ** as a regular expression."""
    made, depth = [], 0
    tokens = re.findall(r"\*\*/|\*\*|\*|\?|\[[!^]?[^\]]+\]|\{|\}|,|\\.|[^*?\[{},\\]+|\[", pattern)
    for token in tokens:
        if token in ("**/", "**"):
            made.append("(?:[^/]+/)*" if token == "**/" else ".*")
        elif token in ("*", "?"):
            made.append("[^/]*" if token == "*" else "[^/]")
        elif token[0] == "[" and len(token) > 1:
            made.append(f"[{'^' if token[1] in '!^' else ''}{token[1:-1].lstrip('!^')}]")
        elif token in ("{", "}") or (token == "," and depth):
            depth += {"{": 1, "}": -1}.get(token, 0)
            made.append({"{": "(?:", "}": ")", ",": "|"}[token])
        else:
            made.append(re.escape(token[1:] if token[0] == "\\" else token))
    try:
        return re.compile("".join(made), re.DOTALL)
    except re.error:
        raise EvaluationError(f"{pattern!r} is no pattern of file names") from None


def _templatefile(scope: Scope, path: Value, variables: Value) -> Evaluated:
    from dblint.sources.terraform.functions.template_files import filled

    if path.kind == "unknown" or variables.kind == "unknown":
        return combined(derived("templatefile", (path, variables), types.ANY, fallible=True), path, variables)
    try:
        text = _text(scope, path.data)
        inside = _path(scope, path.data)
    except _Outside:
        return unknown(f"templatefile of {path.data!r}, which is not read", is_set=True, fallible=True)
    return filled(scope, inside, text, variables)


def _templatestring(scope: Scope, text: Value, variables: Value) -> Evaluated:
    from dblint.sources.terraform.functions.template_files import filled

    if text.kind == "unknown" or variables.kind == "unknown":
        return combined(derived("templatestring", (text, variables), types.STRING, fallible=True), text, variables)
    return filled(scope, "", text.data, variables)


def _basename(scope: Scope, path: Value) -> Evaluated:
    """Of the working directory the name is known: Terraform is run in the root module."""
    if path.kind == "unknown":
        variable = path.data.variable
        if variable is not None and variable.key == CURRENT_DIRECTORY:
            run = scope.module.run
            return combined(string(posixpath.basename(posixpath.join(run.project.files.disk.root, run.root))), path)
        return combined(derived("basename", (path,), types.STRING), path)
    return combined(string(_last(path.data)), path)


def _last(path: str) -> str:
    stripped = path.rstrip("/")
    if not path:
        return "."
    return posixpath.basename(stripped) or "/"


def _dirname(path: str) -> str:
    head = path.rpartition("/")[0] if "/" in path else ""
    if path.startswith("/") and not head.strip("/"):
        return "/"
    return _clean(head) if head else "."


def _clean(path: str) -> str:
    cleaned = posixpath.normpath(path)
    return cleaned[1:] if cleaned.startswith("//") else cleaned


def _abspath(path: Value) -> Evaluated:
    if path.kind == "unknown":
        return combined(derived("abspath", (path,), types.STRING), path)
    if path.data.startswith("/"):
        return string(_clean(path.data))
    variable = Variable(CURRENT_DIRECTORY, "path.cwd") if _clean(path.data) == "." else None
    return unknown(f"abspath({path.data!r})", types.STRING, is_set=True, variable=variable)


def _pathexpand(path: Value) -> Evaluated:
    if path.kind == "string":
        home = path.data == "~" or path.data.startswith("~/")
        return unknown("the home directory", types.STRING, is_set=True) if home else path
    return combined(derived("pathexpand", (path,), types.STRING), path)


FUNCTIONS: dict[str, Function] = {
    "file": _reading("file", _text),
    "filebase64": _reading("filebase64", _base64),
    "filemd5": _reading("filemd5", _digest(hashes.hexadecimal, "md5")),
    "filesha1": _reading("filesha1", _digest(hashes.hexadecimal, "sha1")),
    "filesha256": _reading("filesha256", _digest(hashes.hexadecimal, "sha256")),
    "filesha512": _reading("filesha512", _digest(hashes.hexadecimal, "sha512")),
    "filebase64sha256": _reading("filebase64sha256", _digest(hashes.in_base64, "sha256")),
    "filebase64sha512": _reading("filebase64sha512", _digest(hashes.in_base64, "sha512")),
    "fileexists": open_to_unknown(_fileexists, scoped=True),
    "fileset": open_to_unknown(_fileset, scoped=True),
    "templatefile": open_to_unknown(_templatefile, scoped=True),
    "templatestring": open_to_unknown(_templatestring, scoped=True),
    "basename": open_to_unknown(_basename, scoped=True),
    "dirname": plain(_dirname),
    "abspath": open_to_unknown(_abspath),
    "pathexpand": open_to_unknown(_pathexpand),
}
