"""`dblint new-rule`: the two files of a rule, to be filled in."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from typing import Any

import click

_NAME = r"[a-z][a-z0-9]*(?:-[a-z0-9]+)+"
_CODE = '''\
from dblint import MEDIUM, rule
from {module} import {view}


@rule(severity=MEDIUM, category="operations")
def {function}({subject}: {view}) -> bool:
    """Say in one line what is wrong."""
    return False
'''
_PAGE = """\
# {name}

Say what is lost where this is so, and when somebody finds out.

## What it costs

Say what the cure takes: money, time, an outage.

## When it is fine

Say who need not care.

{absent}## Wrong

{wrong}

## Right

{right}
"""
_ABSENT = """\
## Not in {source}

Say why.

"""
_HCL = """\
```hcl {kind}
resource "{terraform}" "example" {{{mark}
}}
```

"""
_YAML = """\
```yaml {kind}
Resources:
  Example:{mark}
    Type: {type}
```

"""


@click.command()
@click.argument("name")
@click.argument("type")
@click.argument("folder", type=click.Path(file_okay=False), default="rules", required=False)
def command(name: str, type: str, folder: str) -> None:
    """Write a rule NAME (service-defect) that judges resources of a TYPE (AWS::RDS::DBInstance) into a FOLDER of
    rules ("rules" if none is named).

    Nothing is overwritten. `dblint test FOLDER` says what is left to do: the page has examples that the rule does not
    find yet.
    """
    from dblint.packs import load, own_folder

    if not re.fullmatch(_NAME, name):
        raise click.UsageError(f"expected a name in small letters as rds-no-owner, found {name}")
    if name in {rule.id for rule in load([own_folder()])}:
        raise click.UsageError(f"there is a rule {name} already: dblint explain {name}")
    service, _, defect = name.partition("-")
    path = os.path.join(folder, service, f"{defect.replace('-', '_')}.py")
    texts = {path: _code(type, name), path.removesuffix(".py") + ".md": _page(type, name)}
    _write(texts)
    click.echo("".join(f"wrote {written}\n" for written in texts) + f"then: dblint test {folder}", err=True)


def _code(type: str, name: str) -> str:
    view = _view(type)
    *_, function = name.partition("-")
    return _CODE.format(
        module=".".join(view.__module__.split(".")[:3]),
        view=view.__name__,
        function=function.replace("-", "_"),
        subject=(re.findall("[A-Z][a-z]+", view.__name__) or [view.__name__])[-1].lower(),
    )


def _page(type: str, name: str) -> str:
    view = _view(type)
    examples = {}
    for kind, mark in (("bad", " # <-"), ("good", "")):
        hcl = _HCL.format(kind=kind, terraform=view.terraform[0], mark=mark) if view.terraform else ""
        examples[kind] = hcl + (_YAML.format(kind=kind, type=type, mark=mark) if view.in_schema else "")
    sources = (("Terraform", view.terraform), ("CloudFormation", view.in_schema))
    absent = "".join(_ABSENT.format(source=source) for source, there in sources if not there)
    return _PAGE.format(name=name, absent=absent, wrong=examples["bad"].rstrip(), right=examples["good"].rstrip())


def _view(type: str) -> Any:
    """The view of a type, once our rules are loaded, which declare all. Raises UsageError."""
    from dblint.nearest import nearest
    from dblint.view import VIEWS

    if type not in VIEWS:
        raise click.UsageError(f"there is no view of {type}{nearest(type, VIEWS)} (docs/model.md has all types)")
    return VIEWS[type]


def _write(texts: Mapping[str, str]) -> None:
    """Writes files, none of which may be there. Raises ClickException."""
    there = [path for path in texts if os.path.lexists(path)]
    if there:
        raise click.UsageError(f"{there[0]} is there already")
    for path, text in texts.items():
        try:
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "x", encoding="utf-8", newline="\n") as file:
                file.write(text)
        except OSError as error:
            raise click.ClickException(f"{path} can not be written: {error.strerror}") from None
