"""The options that commands share, in groups."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from dblint.suppressions.kinds import TOOLS

Decorator = Callable[[Any], Any]

SEVERITY = click.Choice(["critical", "high", "medium", "low"])
_FILE = click.Path(exists=True, dir_okay=False)
_FOLDER = click.Path(exists=True, file_okay=False)


def together(*decorators: Decorator) -> Decorator:
    """Several options as one decorator, in the order in which the help shows them."""

    def apply(function: Any) -> Any:
        for decorate in reversed(decorators):
            function = decorate(function)
        return function

    return apply


def several(*names: str, help: str, metavar: str, **more: Any) -> Decorator:
    """An option that may be given several times."""
    return click.option(*names, multiple=True, metavar=metavar, help=help, **more)


def flag(*names: str, help: str) -> Decorator:
    return click.option(*names, is_flag=True, help=help)


def rule_names(context: click.Context, parameter: click.Parameter, incomplete: str) -> list[str]:
    """The names of our rules that begin so, for shells that complete them."""
    from dblint.packs import name_of, own

    names = sorted(name_of(path.relative_to(own())) for path in own().glob("*/*.py"))
    return [name for name in names if name.startswith(incomplete)]


PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
PACKS = several("--rules", "packs", metavar="DIR", type=_FOLDER, help="A folder with more rules: Python that is run.")
COLOUR = click.option("--color", "colour", type=click.Choice(["auto", "always", "never"]), default="auto")

RULES = together(
    several("--select", metavar="RULE", shell_complete=rule_names, help="Run these rules in place of the profile's."),
    several("--ignore", metavar="RULE", shell_complete=rule_names, help="Do not run these rules."),
    several("--extend-select", metavar="RULE", shell_complete=rule_names, help="Run these rules as well."),
    several("--extend-ignore", metavar="RULE", shell_complete=rule_names, help="Do not run these rules either."),
    click.option("--profile", type=click.Choice(["default", "strict", "audit"]), help="Which rules run."),
    click.option("--preview", is_flag=True, default=None, help="Run the rules of the next set as well."),
    PACKS,
)
LEAST = together(
    click.option("--min-severity", type=SEVERITY, help="Show nothing less severe."),
    click.option("--min-confidence", type=click.Choice(["high", "medium", "low"]), help="Show nothing less certain."),
)
FILTERS = together(
    LEAST,
    click.option("--fail-on", type=click.Choice([*SEVERITY.choices, "never"]), help="Exit with 1 from here on."),
    flag("-e", "--exit-zero", help="Findings do not make the run fail; errors do."),
)
EVALUATION = together(
    several("--scenario", "scenarios", metavar="NAME", help="Look at these scenarios only."),
    several("--var-file", "var_files", metavar="FILE", type=_FILE, help="A file of Terraform variables."),
    several("--var", "variables", metavar="NAME=VALUE", help="A Terraform variable."),
    flag("--var-env", help="Take Terraform variables from TF_VAR_NAME in the environment, too."),
    click.option("--workspace", metavar="NAME", default="", help="The Terraform workspace."),
    several("--plan", "plans", metavar="FILE", type=_FILE, help="A plan, as terraform show -json prints it."),
    several("--parameters", metavar="FILE", type=_FILE, help="A file of CloudFormation parameters."),
)
SCOPE = together(
    several("--exclude", metavar="PATTERN", help="Do not look at these paths, in place of what the settings say."),
    several("--extend-exclude", metavar="PATTERN", help="Do not look at these paths either."),
    flag("--force-exclude", help="Leave out what is excluded even where it is named (for hooks)."),
)
SUPPRESSIONS = together(
    flag("--no-suppressions", help="Show what comments, Metadata and settings hide."),
    several("--honour", metavar="TOOL", help=f"Obey the comments of these tools alone: {', '.join(TOOLS)}."),
    flag("--no-honour", help="Obey no comments of other tools."),
)
BASELINE = click.option("--baseline", metavar="FILE", help="The file of findings that are known already.")
CFN_LINT = flag("--with-cfn-lint", help="Add cfn-lint's own checks of the databases in templates.")
RUN = together(
    several("--config", "configs", metavar="FILE|KEY=VALUE", help="Settings, in place of those found or over them."),
    flag("--isolated", help="Read no file of settings."),
    flag("--allow-empty", help="It is no error if there is nothing to scan."),
)
PROGRESS = flag("--no-progress", help="Do not show how far a long run is.")
LOUDNESS = together(
    COLOUR,
    flag("-q", "--quiet", help="Findings and errors only."),
    PROGRESS,
    flag("-v", "--verbose", help="Say what is read; show tracebacks of internal errors."),
)
