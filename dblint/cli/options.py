"""The options that commands share, in groups, in the order in which the help shows them."""

from __future__ import annotations

from dblint.cli.declared import FILE, FLAG, FOLDER, TEXT, Option, flag
from dblint.suppressions.kinds import TOOLS

SEVERITIES = ("critical", "high", "medium", "low")


def rule_names(incomplete: str) -> list[str]:
    """The names of our rules that begin so, for shells that complete them."""
    from dblint.packs import name_of, own

    names = sorted(name_of(path.relative_to(own()).as_posix()) for path in own().glob("*/*.py"))
    return [name for name in names if name.startswith(incomplete)]


def _rules(name: str, help: str) -> Option:
    return Option(name, several=True, metavar="RULE", complete=rule_names, help=help)


def _several(option: str, name: str, metavar: str, help: str, kind: int = TEXT) -> Option:
    return Option(option, name=name, several=True, metavar=metavar, help=help, kind=kind)


PACKS = _several("--rules", "packs", "DIR", "A folder with more rules: Python that is run.", FOLDER)
COLOUR = Option("--color", name="colour", choices=("auto", "always", "never"), default="auto")

RULES = (
    _rules("--select", "Run these rules in place of the profile's."),
    _rules("--ignore", "Do not run these rules."),
    _rules("--extend-select", "Run these rules as well."),
    _rules("--extend-ignore", "Do not run these rules either."),
    Option("--profile", choices=("default", "strict", "audit"), help="Which rules run."),
    Option("--preview", kind=FLAG, help="Run the rules of the next set as well."),
    PACKS,
)
LEAST = (
    Option("--min-severity", choices=SEVERITIES, help="Show nothing less severe."),
    Option("--min-confidence", choices=("high", "medium", "low"), help="Show nothing less certain."),
)
FILTERS = (
    *LEAST,
    Option("--fail-on", choices=(*SEVERITIES, "never"), help="Exit with 1 from here on."),
    flag("-e", "--exit-zero", help="Findings do not make the run fail; errors do."),
)
EVALUATION = (
    _several("--scenario", "scenarios", "NAME", "Look at these scenarios only."),
    _several("--var-file", "var_files", "FILE", "A file of Terraform variables.", FILE),
    _several("--var", "variables", "NAME=VALUE", "A Terraform variable."),
    flag("--var-env", help="Take Terraform variables from TF_VAR_NAME in the environment, too."),
    Option("--workspace", metavar="NAME", default="", help="The Terraform workspace."),
    Option(
        "--modules", choices=("local", "installed", "none"), help="Whose code is read (installed: all that is here)."
    ),
    _several("--plan", "plans", "FILE", "A plan, as terraform show -json prints it.", FILE),
    _several("--parameters", "parameters", "FILE", "A file of CloudFormation parameters.", FILE),
)
SCOPE = (
    _several("--include", "include", "PATTERN", "Look at these paths, whatever leaves them out."),
    _several("--exclude", "exclude", "PATTERN", "Do not look at these paths, in place of what the settings say."),
    _several("--extend-exclude", "extend_exclude", "PATTERN", "Do not look at these paths either."),
    flag("--force-exclude", help="Leave out what is excluded or ignored even where it is named (for hooks)."),
    flag("--no-respect-gitignore", help="Look at what git ignores, too."),
)
SUPPRESSIONS = (
    flag("--no-suppressions", help="Show what comments, Metadata and settings hide."),
    _several("--honour", "honour", "TOOL", f"Obey the comments of these tools alone: {', '.join(TOOLS)}."),
    flag("--no-honour", help="Obey no comments of other tools."),
)
BASELINE = Option("--baseline", metavar="FILE", help="The file of findings that are known already.")
CFN_LINT = flag("--with-cfn-lint", help="Add cfn-lint's own checks of the databases in templates.")
RUN = (
    _several("--config", "configs", "FILE|KEY=VALUE", "Settings, in place of those found or over them."),
    flag("--isolated", help="Read no file of settings."),
    flag("--allow-empty", help="It is no error if there is nothing to scan."),
)
PROGRESS = flag("--no-progress", help="Do not show how far a long run is.")
LOUDNESS = (
    COLOUR,
    flag("-q", "--quiet", help="Findings and errors only."),
    PROGRESS,
    flag("-v", "--verbose", help="Say what is read; show tracebacks of internal errors."),
)
