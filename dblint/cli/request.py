"""From the options of a command that evaluates to the request that a run is."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence

from dblint.cli.change import change_of, take_before
from dblint.cli.configuration import Configuration, aside, configuration_of, unread
from dblint.cli.known import known_of
from dblint.cli.paths import common, files_of, relative, take
from dblint.cli.refusal import usage_error
from dblint.packs import installed, load, own_folder
from dblint.records import dataclass
from dblint.scan.request import Request
from dblint.settings.values import Settings
from dblint.sources.base import NamedScenario, Wishes
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime
    from typing import Any

    from dblint.cache.store import Store

# How names of the environment begin that Terraform takes for its variables.
OF_TERRAFORM = "TF_VAR_"

# Options that say the same as a key of the settings.
_LISTS = ("select", "ignore", "extend_select", "extend_ignore", "include", "exclude", "extend_exclude")
_VALUES = ("profile", "preview", "min_severity", "min_confidence", "fail_on")


@dataclass(frozen=True, slots=True)
class Asked:
    """What a command is asked for: the request, and the settings with their origins."""

    request: Request
    configuration: Configuration


def asked_of(options: Mapping[str, Any], store: Store | None = None) -> Asked:
    """The request that the options make; options that a command does not have are as if they were not given.

    Raises SettingsError, and UsageError where options contradict each other.
    """
    paths = options["paths"] or (".",)
    stdin_filename = options.get("stdin_filename")
    beside = [*options.get("var_files", ()), *options.get("plans", ()), *options.get("parameters", ())]
    disk = files_of(paths, beside, stdin_filename)
    if store:
        from dblint.cache.contents import contents_of

        disk.know(contents_of(store, disk.disk.root))
    folder = common(paths, stdin_filename, disk)
    files, change = change_of(disk, options)
    configuration = configuration_of(files, folder, options["configs"], options["isolated"], _said(options))
    settings = configuration.settings
    _bound(files, settings)
    take(files, paths, stdin_filename, options.get("force_exclude", False))
    is_own = options["isolated"] or options["configs"]
    not_staged = [] if files is disk or is_own else aside(disk, files, folder, configuration)
    if change:
        take_before(change, files, paths)
    packs = options.get("packs", ())
    request = Request(
        files=files,
        settings=settings,
        wishes=_wishes(settings, files, options),
        named=paths,
        today=_today,
        rules=lambda: load([own_folder(), *installed(settings.packs), *packs]),
        allow_empty=options["allow_empty"] or bool(files.left_out),
        suppress=not options.get("no_suppressions", False),
        whole_root=options.get("whole_root", False),
        baseline=known_of(files, settings, options),
        change=change,
        stale_fails=os.environ.get("CI", "").lower() not in ("", "0", "false"),
        with_cfn_lint=options.get("with_cfn_lint", False),
        store=store,
        jobs=options.get("jobs", 1),
        shard=_shard(options.get("shard") or ""),
        warnings=(*configuration.warnings, *not_staged, *unread(files, configuration)),
    )
    return Asked(request, configuration)


def _bound(files: Files, settings: Settings) -> None:
    """What is not looked at, though it lies where something was named."""
    files.exclude, files.include = settings.exclude, settings.include
    if settings.respect_gitignore:
        from dblint.sources.ignored import Ignored

        files.ignored = Ignored(files)


def _today() -> datetime.date:
    import datetime

    return datetime.date.today()


def _said(options: Mapping[str, Any]) -> dict[str, Any]:
    """What the options say, by the keys of the settings."""
    said: dict[str, Any] = {}
    for name in _LISTS:
        if texts := _split(options.get(name, ())):
            said[name.replace("_", "-")] = list(texts)
    for name in _VALUES:
        if options.get(name) is not None:
            said[name.replace("_", "-")] = options[name]
    if options.get("no_respect_gitignore"):
        said["respect-gitignore"] = False
    if options.get("modules"):
        said["terraform"] = {"modules": options["modules"]}
    if options.get("exit_zero"):
        said["fail-on"] = "never"
    if options.get("no_honour") or options.get("honour"):
        said["suppressions"] = {"honour": [] if options["no_honour"] else list(_split(options["honour"]))}
    return said


def _split(values: Sequence[str]) -> tuple[str, ...]:
    """Texts of an option, which may be given several times and hold several with commas."""
    return tuple(text for value in values for text in map(str.strip, value.split(",")) if text)


def _wishes(settings: Settings, files: Files, options: Mapping[str, Any]) -> Wishes:
    return Wishes(
        environments=settings.environments,
        scenarios={
            name: NamedScenario(own.var_files, own.parameters, own.workspace, own.tier)
            for name, own in settings.scenarios.items()
        },
        only=_split(options.get("scenarios", ())),
        var_files=tuple(relative(path, files) for path in options.get("var_files", ())),
        variables=dict(_assignment(text) for text in options.get("variables", ())),
        surrounding=_surrounding() if options.get("var_env") else {},
        workspace=options.get("workspace", ""),
        parameter_files=tuple(relative(path, files) for path in options.get("parameters", ())),
        roots=settings.roots,
        modules=settings.modules,
        plans=tuple(relative(path, files) for path in options.get("plans", ())),
    )


def _surrounding() -> dict[str, str]:
    """The Terraform variables of the process's environment."""
    said = os.environ.items()
    return {name.removeprefix(OF_TERRAFORM): value for name, value in said if name.startswith(OF_TERRAFORM)}


def _shard(text: str) -> tuple[int, int] | None:
    """K/N as numbers. Raises UsageError."""
    part, sign, parts = text.partition("/")
    if not text:
        return None
    if not (sign and part.isdecimal() and parts.isdecimal() and 1 <= int(part) <= int(parts)):
        raise usage_error(f"--shard: expected K/N with K from 1 to N, found {text}")
    return int(part), int(parts)


def _assignment(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise usage_error(f"--var: expected NAME=VALUE, found {text}")
    return name.strip(), value
