"""Where the code of a called module is: in the project, installed by `terraform init`, or nowhere here."""

from __future__ import annotations

import posixpath

from dblint.records import dataclass
from dblint.sources.files import Unreadable
from dblint.sources.paths import join
from dblint.sources.terraform.project import Project

_LONGEST_MANIFEST = 4 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Absent:
    """Code that is not here. `kind` is "registry", "git", "archive" or "path"; `source` and `version` are as written;
    `because` says why."""

    kind: str
    source: str
    version: str
    because: str


def find_module(
    project: Project, root: str, folder: str, path: tuple[str, ...], source: str, version: str
) -> str | Absent:
    """The folder of a module that is called in `folder` by `source`; `path` are the names of the calls that lead to it
    from `root`."""
    if project.modules == "none":
        return Absent(
            "path" if is_local(source) else kind_of(source), source, version, _unread(source, version, "none")
        )
    if is_local(source):
        inside = project.files.inside(posixpath.normpath(posixpath.join(folder, source)))
        if inside is None:
            return Absent("path", source, "", f"the module {source} lies outside of the project")
        if not project.paths(inside):
            return Absent("path", source, "", f"there is no module at {source}")
        return inside
    installed = _installed(project, root).get(".".join(path))
    if installed is not None and project.paths(installed):
        return installed
    kind = kind_of(source)
    if project.modules == "local":
        return Absent(kind, source, version, _unread(source, version, "local"))
    return Absent(kind, source, version, f"the module {_named(source, version)} is not installed")


def _unread(source: str, version: str, modules: str) -> str:
    return f"the module {_named(source, version)} is not read (--modules {modules})"


def _named(source: str, version: str) -> str:
    return f"{source} {version}".strip()


def is_local(source: str) -> bool:
    return source.startswith(("./", "../")) or source in (".", "..")


def kind_of(source: str) -> str:
    """What a source that is no local path leads to."""
    if source.startswith(("git::", "git@", "github.com/", "bitbucket.org/", "hg::")) or ".git" in source:
        return "git"
    if "://" in source or source.startswith(("s3::", "gcs::")):
        return "archive"
    return "registry"


def _installed(project: Project, root: str) -> dict[str, str]:
    """Names of calls ("db.inner") -> folder, as `terraform init` left them in .terraform/modules/modules.json; none
    where these are not to be read."""
    if project.modules != "installed":
        return {}
    found: dict[str, str] = project.once(("installed", root), lambda: _read_manifest(project, root))
    return found


def _read_manifest(project: Project, root: str) -> dict[str, str]:
    import json

    folder = join(root, ".terraform/modules")
    if "modules.json" not in project.files.names(folder):
        return {}
    try:
        listed = json.loads(project.files.read(f"{folder}/modules.json", _LONGEST_MANIFEST))["Modules"]
        pairs = [(str(entry["Key"]), str(entry["Dir"])) for entry in listed]
    except (Unreadable, ValueError, LookupError, TypeError, RecursionError):
        return {}
    found = {}
    for key, where in pairs:
        inside = project.files.inside(posixpath.normpath(posixpath.join(root, where)))
        if key and inside is not None:
            found[key] = inside
    return found


def installed_folders(project: Project, root: str) -> list[str]:
    """The folders of all modules that are installed for a root."""
    return list(_installed(project, root).values())
