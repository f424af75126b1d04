"""Which module implements a function, and what it wants to be given."""

from __future__ import annotations

import importlib
from collections.abc import Callable

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

_GROUPS = {
    "collections": "length element keys values slice reverse zipmap one chunklist transpose range",
    "joining": "merge concat flatten coalesce coalescelist list map",
    "searching": "lookup contains index matchkeys",
    "sets": "compact distinct sort sum setunion setintersection setsubtract setproduct alltrue anytrue",
    "conversions": "tostring tonumber tobool tolist toset tomap sensitive nonsensitive issensitive ephemeralasnull",
    "strings": "lower upper title trim trimprefix trimsuffix trimspace substr split join replace startswith endswith"
    " strcontains indent chomp strrev",
    "formatting": "format formatlist",
    "regular_expressions": "regex regexall",
    "numbers": "abs ceil floor log max min pow signum parseint",
    "encoding": "jsonencode jsondecode base64encode base64decode textencodebase64 textdecodebase64"
    " base64gunzip urlencode urldecode csvdecode",
    "yaml_text": "yamldecode yamlencode",
    "hashes": "md5 sha1 sha256 sha512 base64sha256 base64sha512 uuidv5",
    "network": "cidrhost cidrnetmask cidrsubnet cidrsubnets cidrcontains",
    "times": "formatdate timeadd timecmp",
    "filesystem": "file fileexists fileset filebase64 filemd5 filesha1 filesha256 filesha512 filebase64sha256"
    " filebase64sha512 templatefile templatestring basename dirname abspath pathexpand",
}
_GROUP_OF = {name: group for group, names in _GROUPS.items() for name in names.split()}

# Functions whose result nobody knows before it is deployed, or that only Terraform's own code can tell.
NEVER_KNOWN = frozenset(("timestamp", "plantimestamp", "uuid", "bcrypt", "rsadecrypt", "base64gzip"))


class Function:
    """`run` takes what `mode` says: "plain" known values as Python's own; "known" values in which all is known;
    "shallow" values that are known themselves, whatever stands inside of them; "open" any values.

    `fallible`: it fails for some arguments of the right types. `scoped`: the scope comes first. `solve`: of an
    unknown first argument, given the others, makes what undoes the function.
    """

    __slots__ = ("fallible", "mode", "run", "scoped", "solve")

    def __init__(
        self,
        mode: str,
        run: Callable[..., Any],
        *,
        fallible: bool = False,
        scoped: bool = False,
        solve: Callable[..., Any] | None = None,
    ) -> None:
        self.mode = mode
        self.run = run
        self.fallible = fallible
        self.scoped = scoped
        self.solve = solve


def plain(
    run: Callable[..., Any], *, fallible: bool = False, scoped: bool = False, solve: Callable[..., Any] | None = None
) -> Function:
    """A function of known values, given and giving Python's own."""
    return Function("plain", run, fallible=fallible, scoped=scoped, solve=solve)


def known(run: Callable[..., Any], *, fallible: bool = False) -> Function:
    """A function of values in which everything is known."""
    return Function("known", run, fallible=fallible)


def shallow(run: Callable[..., Any], *, fallible: bool = False) -> Function:
    """A function of values in which something may be unknown or a choice."""
    return Function("shallow", run, fallible=fallible)


def open_to_unknown(run: Callable[..., Any], *, scoped: bool = False) -> Function:
    """A function that says itself what an unknown argument means."""
    return Function("open", run, scoped=scoped)


def function_called(name: str) -> Function | None:
    """The implementation of a function; None where there is none."""
    group = _GROUP_OF.get(name)
    if group is None:
        return None
    module = importlib.import_module(f"dblint.sources.terraform.functions.{group}")
    table: dict[str, Function] = module.FUNCTIONS
    return table[name]
