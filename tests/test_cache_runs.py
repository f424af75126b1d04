"""Whole runs that are kept: whatever changes, a run with the cache says what one without it says."""

from __future__ import annotations

import ast
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dblint.cache.store import NAME, opened
from dblint.cli import main, replay
from dblint.cli.clean import command as clean
from dblint.cli.scan import command
from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, write
from tests.git_support import git, needs_git, repository

Scan = Callable[..., tuple[int, str, str]]

MODULE = 'variable "encrypted" {\n  type = bool\n}\n' + TERRAFORM.replace("= false", "= var.encrypted")
CALL = 'module "db" {\n  source    = "../modules/db"\n  encrypted = file("${path.module}/on.txt") == "on"\n}\n'
NESTED = """\
Resources:
  Data: {Type: AWS::CloudFormation::Stack, Properties: {TemplateURL: data.yaml, Parameters: {Days: 0}}}
  Key: {Type: AWS::KMS::Key, Properties: {}}
Outputs: {Key: {Value: !Ref Key, Export: {Name: key}}}
"""
DATA = """\
Parameters: {Days: {Type: Number}}
Resources: {Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, BackupRetentionPeriod: !Ref Days}}}
"""
IMPORT = """\
Resources:
  Db: {Type: AWS::RDS::DBInstance, Properties: {Engine: mysql, StorageEncrypted: true, KmsKeyId: !ImportValue key}}
"""
TWO = f"{DATA}---\n{IMPORT}"
RULE = """\
from dblint import LOW, rule
from dblint.aws.rds import DBInstance


@rule(severity=LOW, category="fitness", about="Engine")
def postgres(db: DBInstance) -> bool:
    '''Database is PostgreSQL.'''
    return db.Engine == "postgres"
"""
TREE: dict[str, str | bytes] = {
    "main.tf": TERRAFORM,
    "live/main.tf": CALL,
    "live/on.txt": "on",
    "live/prod.tfvars": 'environment = "prod"\n',
    "modules/db/main.tf": MODULE,
    "stacks/template.yaml": TEMPLATE,
    "nested/main.yaml": NESTED,
    "nested/data.yaml": DATA,
    "stacks/import.yaml": IMPORT,
    "dblint.toml": 'min-severity = "low"\n',
    "README.md": "",
    "pack/mine/postgres.py": RULE,
}
# In place of a text: the file or folder is called something else from then on.
RENAMED = "renamed"
# What may be written where: some of it changes what is found, some of it does not.
PATHS = [
    *TREE,
    *("live", "modules/db", "nested", "stacks"),
    *("live/extra.tf", "live/dev.tfvars", "stacks/.dblint.toml", "new/main.tf", ".git/HEAD", "pyproject.toml"),
    *("live/.terraform/modules/modules.json", "live/.terraform.lock.hcl", "live/below/main.tf", "new/call.tf"),
    *("stacks/params.json", "stacks/two.yaml", "nested/other.yaml"),
    *(".gitignore", "live/.gitignore", ".git/info/exclude"),
]
TEXTS = [
    *("live/\n", "*.tfvars\nmain.tf\n", "*\n!*.tf\n!*/\n"),
    *(text for text in TREE.values() if isinstance(text, str)),
    TERRAFORM.replace('"orders"', '"b"'),
    TERRAFORM + "# dblint: ignore[rds-single-az] known\n",
    "off",
    RENAMED,
    RULE.replace("is PostgreSQL", "is not MySQL"),
    RULE.replace('== "postgres"', "!= 1").replace("LOW", "HIGH"),
    TWO,
    "Resources: none\nother:\n  Type: AWS::RDS::DBInstance\n",
    'module "again" {\n  source    = "../modules/db"\n  encrypted = false\n}\n',
    'module "below" {\n  source = "./below"\n}\n',
    '{"Modules": [{"Key": "db", "Source": "../modules/db", "Dir": "../modules/db"}]}',
    '{"Environment": "prod", "Days": "3"}',
    "stacks/\n*.tfvars\n!live\n",
    'min-severity = "critical"\n',
    "[tool.dblint]\nignore = ['rds-single-az']\n",
    'resource "aws_db_instance" {',
    "\0",
]


@pytest.fixture
def scan(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> Scan:
    """A process that runs `dblint scan`, with a cache of its own beside the project."""
    for name in [name for name in os.environ if name in replay.VARIABLES or name.startswith(replay.FAMILIES)]:
        monkeypatch.delenv(name)
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")

    def call(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["dblint", "scan", "--cache-dir", str(tmp_path / "cache"), *arguments])
        capfd.readouterr()
        code = main()
        return code, *capfd.readouterr()

    return call


@pytest.fixture(params=["times are trusted", "times are not trusted"])
def trust(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Here each file is scanned right after it was written, when its times are not trusted yet: both are tried."""
    if request.param == "times are trusted":
        monkeypatch.setattr("dblint.disk._SETTLED", 0)


@pytest.fixture(params=["in bundles", "in rows"])
def kept(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Few roots are kept in rows alone: here they are in bundles, too."""
    if request.param == "in bundles":
        monkeypatch.setattr("dblint.scan.kept._WORTH_BUNDLING", 1)
        monkeypatch.setattr("dblint.scan.kept._TOGETHER", 2)


@pytest.fixture
def engine(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Notes each time that something is evaluated."""
    from dblint.scan import run

    ran: list[str] = []
    evaluate = run.evaluate
    monkeypatch.setattr(run, "evaluate", lambda *given, **more: (ran.append("ran"), evaluate(*given, **more))[1])
    return ran


def test_what_is_known_is_said_again_without_the_engine(scan: Scan, engine: list[str]) -> None:
    write(Path(), TREE)
    first = scan(".")
    assert first[0] == 1 and "rds-" in first[1]
    assert engine == ["ran"]
    assert scan(".") == first
    assert engine == ["ran"]
    assert scan(".", "--no-cache") == first
    assert engine == ["ran", "ran"]


@pytest.mark.parametrize("variable", [*replay.VARIABLES, "TF_VAR_encrypted", "DBLINT_EXCLUDE"])
def test_the_environment_counts(
    scan: Scan, engine: list[str], variable: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    write(Path(), TREE)
    scan(".")
    monkeypatch.setenv(variable, str(tmp_path / "1"))
    scan(".")
    assert engine == ["ran", "ran"]


def test_each_option_is_replayed_or_not() -> None:
    """A new option of scan that reads or writes anything but the project belongs to NOT_REPLAYED."""
    assert {parameter.name for parameter in command.params} - replay.NOT_REPLAYED == {
        *("paths", "select", "ignore", "extend_select", "extend_ignore", "profile", "preview", "min_severity"),
        *("min_confidence", "fail_on", "exit_zero", "scenarios", "var_files", "variables", "workspace", "parameters"),
        "var_env",
        *(
            "absolute_paths",
            "modules",
            "include",
            "exclude",
            "extend_exclude",
            "force_exclude",
            "no_respect_gitignore",
            "whole_root",
            "no_baseline",
            "no_suppressions",
            "honour",
        ),
        *(
            "no_honour",
            "formats",
            "show_coverage",
            "show_suppressed",
            "statistics",
            "colour",
            "quiet",
            "verbose",
            "isolated",
        ),
        *("allow_empty", "cache_dir", "no_progress", "jobs", "shard"),
    }


def test_every_variable_that_is_looked_at_is_known() -> None:
    """What a run hears from its environment is part of what it is known by."""
    users = {"cli/configuration.py", "cli/request.py"}  # of all whose names begin with one of FAMILIES
    own = {"DBLINT_OUTPUT_FORMAT", "LOCALAPPDATA", "XDG_CACHE_HOME"}
    for path in sorted((ROOT / "dblint").rglob("*.py")):
        if "cfn_lint" in path.parts or "change" in path.parts or path.name in ("commands.py", "powershell.py"):
            continue  # what nothing is kept of
        text = path.read_text(encoding="utf-8")
        if "os.environ" in text.replace("os.environ.get", "") and path.parts[-2:] != ("cli", "replay.py"):
            assert "/".join(path.parts[-2:]) in users
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in ("os.environ.get", "os.getenv"):
                name = node.args[0]
                if isinstance(name, ast.Constant):
                    assert name.value in own | set(replay.VARIABLES), path


def test_another_program_says_it_itself(scan: Scan, engine: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    write(Path(), TREE)
    scan(".")
    monkeypatch.setattr(replay, "stamp", lambda: b"another")
    scan(".")
    assert engine == ["ran", "ran"]


@pytest.mark.parametrize("damage", ["text", "empty", "flipped", "folder", "link", "open to others"])
def test_a_damaged_cache_is_made_again(scan: Scan, damage: str, tmp_path: Path) -> None:
    write(Path(), TREE)
    first = scan(".")
    kept = tmp_path / "cache" / NAME
    content = kept.read_bytes()
    match damage:
        case "text":
            kept.write_text("this is no database" * 1000)
        case "empty":
            kept.write_bytes(b"")
        case "flipped":
            at = content.index(b"database resource")
            kept.write_bytes(content[:at] + b"DATABASE" + content[at + 8 :])
        case "folder":
            kept.unlink()
            kept.mkdir()
        case "link":
            kept.rename(tmp_path / "elsewhere")
            kept.symlink_to(tmp_path / "elsewhere")
        case "open to others":
            kept.parent.chmod(0o777)
    for _ in range(2):
        assert scan(".") == first


def test_the_project_itself_is_never_written_to(
    scan: Scan, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    write(Path(), TREE)
    scan(".")  # which leaves the compiled grammar where the user keeps such things
    before = sorted(Path().rglob("*"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(Path("live").resolve()))
    monkeypatch.setattr(sys, "argv", ["dblint", "scan", "."])
    main()
    assert sorted(Path().rglob("*")) == before


def change(path: str, text: str | None) -> None:
    """Writes a file of the project, calls it something else, or takes it away."""
    target = Path(path)
    if text == RENAMED:
        other = target.with_name(f"x-{target.name}")
        if target.exists() and not other.exists():
            target.rename(other)
    elif text is None:
        if target.is_dir():
            shutil.rmtree(target)
        elif target.exists():
            target.unlink()
    elif not target.is_dir():
        with suppress(FileExistsError, NotADirectoryError):  # a file stands where its folder was
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(text, encoding="utf-8")


CHANGES = st.tuples(st.sampled_from(PATHS), st.one_of(st.none(), st.sampled_from(TEXTS)))
ASKED = st.sampled_from(
    [
        *(["."], ["live"], ["main.tf"], ["-f", "concise"], ["--show-suppressed"], ["stacks/template.yaml"]),
        *(["--rules", "pack"], ["-f", "json", "-j", "2"], ["--shard", "1/2"]),
    ]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(changes=st.lists(CHANGES, max_size=4), asked=ASKED)
def test_with_and_without_a_cache_is_the_same(
    scan: Scan, trust: None, kept: None, changes: list[tuple[str, str | None]], asked: list[str]
) -> None:
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    write(Path(), TREE)
    scan(*asked)
    for path, text in changes:
        change(path, text)
        expected = scan(*asked, "--no-cache")
        for _ in range(2):
            assert scan(*asked) == expected


# What makes frames: no template has to do with others.
ALONE: dict[str, str | bytes] = {
    **{path: text for path, text in TREE.items() if not path.startswith(("nested", "pack")) and text != IMPORT},
    "below/main.tf": 'module "db" {\n  source    = "../modules/db"\n  encrypted = var.e\n}\nvariable "e" {}\n',
    "below/dev.tfvars": "e = false\n",
    "stacks/second.json": json.dumps({"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {}}}}),
}
# What changes the content of a file a little.
EDITS: list[Callable[[str], str]] = [
    lambda text: text + "\n# more\n",
    lambda text: text.replace("false", "true"),
    lambda text: text.replace("rds", "dynamodb").replace("orders", "other"),
    lambda text: text.replace("../modules/db", "../modules/none"),
    lambda text: text + 'module "another" {\n  source = "../below"\n}\n',
    lambda text: text + "  Topic: {Type: AWS::SNS::Topic}\nOutputs: {Key: {Value: 1, Export: {Name: key}}}\n",
    lambda text: text[: len(text) // 2],
    lambda text: "",
]


def edit(path: str, how: Callable[[str], str] | str | None) -> None:
    """Changes a file that is there as told, or as `change` does."""
    if callable(how):
        target = Path(path)
        change(path, how(target.read_text(encoding="utf-8")) if target.is_file() else None)
    else:
        change(path, how)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    changes=st.lists(
        st.one_of(st.tuples(st.sampled_from([*ALONE]), st.sampled_from(EDITS)), CHANGES), min_size=1, max_size=5
    ),
    asked=ASKED,
)
def test_one_run_after_another_says_the_same_where_roots_stand_alone(
    scan: Scan, trust: None, kept: None, changes: list[tuple[str, Callable[[str], str] | str | None]], asked: list[str]
) -> None:
    for path in Path().iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    write(Path(), ALONE)
    scan(*asked)
    for path_, how in changes:
        edit(path_, how)
        assert scan(*asked) == scan(*asked, "--no-cache")
    assert scan(*asked) == scan(*asked, "--no-cache")


def test_roots_are_searched_for_again_where_others_may_be_there(
    scan: Scan, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dblint.sources.cloudformation.source import CloudFormation
    from dblint.sources.terraform.source import Terraform

    searched: list[str] = []
    for source in (CloudFormation, Terraform):
        roots = source.roots
        monkeypatch.setattr(
            source, "roots", lambda self, *given, roots=roots: (searched.append(self.name), roots(self, *given))[1]
        )
    write(Path(), ALONE)

    def again(path: str, text: str) -> bool:
        """Whether roots are searched for after a change."""
        write(Path(), {path: text})
        searched.clear()
        found = scan(".")
        was = bool(searched)
        assert found == scan(".", "--no-cache")
        return was

    assert again("README.md", "")
    for path, text, expected in [
        ("main.tf", TERRAFORM + "# more\n", False),
        ("main.tf", TERRAFORM + "# again\n", False),
        ("below/main.tf", str(ALONE["below/main.tf"]) + "# more\n", False),
        ("below/dev.tfvars", "e = true\n", False),
        ("modules/db/main.tf", MODULE.replace("rds", "dms"), False),
        ("stacks/template.yaml", TEMPLATE + "# more\n", False),
        ("stacks/second.json", str(ALONE["stacks/second.json"]) + "\n", False),
        ("live/on.txt", "off", True),
        ("live/on.txt", "off ", True),
        ("dblint.toml", 'min-severity = "high"\n', True),
        ("main.tf", TERRAFORM + 'module "m" {\n  source = "./modules/db"\n}\n', True),
        ("main.tf", TERRAFORM, True),
        ("new/main.tf", TERRAFORM, True),
        ("stacks/template.yaml", TEMPLATE + "# ImportValue\n", True),
        ("stacks/template.yaml", TEMPLATE, True),
        ("README.md", "new", False),
        ("main.tf", TERRAFORM + "# more\n", False),
    ]:
        assert again(path, text) == expected, (path, text)


def test_what_nothing_has_changed_for_is_not_evaluated_again(
    scan: Scan, kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from dblint.scan import evaluate

    judged: list[str] = []
    single = evaluate._evaluate
    monkeypatch.setattr(evaluate, "_evaluate", lambda root, *more: (judged.append(root.path), single(root, *more))[1])
    write(Path(), TREE)
    scan(".")
    connected = ["nested/main.yaml", "stacks/import.yaml"]
    assert sorted(judged) == [".", "live", *connected, "stacks/template.yaml"]
    for path, text, again in [
        ("live/on.txt", "off", ["live"]),
        ("modules/db/main.tf", MODULE.replace("true", "false") + "\n", ["live"]),
        ("stacks/template.yaml", TEMPLATE + "\n", ["stacks/template.yaml"]),
        ("nested/data.yaml", DATA + "\n", connected),
        ("main.tf", TERRAFORM.replace('"orders"', '"b"'), ["."]),
        ("live/dev.tfvars", 'environment = "dev"\n', ["live", *connected]),
        ("README.md", "", []),
        ("stacks/other.yaml", "Resources:\n  Bucket: {Type: AWS::S3::Bucket}\n", connected),
    ]:
        judged.clear()
        write(Path(), {path: text})
        found = scan(".")
        assert sorted(judged) == again, path
        assert found == scan(".", "--no-cache")


def test_many_roots_are_known_from_one_bundle(scan: Scan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Single rows are read where something has changed alone, and the bundle is written anew where much has."""
    from dblint.cache.store import Store
    from dblint.scan import bundle, evaluate

    judged: list[str] = []
    written: list[int] = []
    read: list[int] = []
    single, packed, get = evaluate._evaluate, bundle.packed, Store.get
    monkeypatch.setattr(evaluate, "_evaluate", lambda root, *more: (judged.append(root.path), single(root, *more))[1])
    monkeypatch.setattr(
        "dblint.scan.kept.packed", lambda members, *more: (written.append(1), packed(members, *more))[1]
    )
    monkeypatch.setattr(Store, "get", lambda store, keys: (read.append(len(keys)), get(store, keys))[1])
    write(Path(), {f"r{number}/main.tf": TERRAFORM for number in range(100)})

    def again(changed: int) -> tuple[int, int, int]:
        """How many roots are evaluated, bundles written, and rows read at most at once."""
        judged.clear(), written.clear(), read.clear()
        write(Path(), {f"r{number}/main.tf": f"{TERRAFORM}# {os.urandom(4).hex()}\n" for number in range(changed)})
        found = scan(".", "-j", "1")
        seen = len(judged), len(written), max(read)
        assert found == scan(".", "-j", "1", "--no-cache")
        return seen

    assert again(100) == (100, 1, 100)
    assert again(1) == (1, 0, 1)
    assert again(3) == (3, 0, 3)
    assert again(10) == (10, 1, 10)
    assert again(1) == (1, 0, 1)
    write(Path(), {"new/main.tf": TERRAFORM})
    shutil.rmtree("r7")
    assert again(0) == (1, 0, 2)


@needs_git
def test_what_git_ignores_and_tracks_is_asked_again(scan: Scan, engine: list[str]) -> None:
    repository(Path(), TREE)

    def again() -> int:
        """How often something is evaluated for a run and one like it."""
        engine.clear()
        found = scan(".")
        assert found == scan(".") == scan(".", "--no-cache")
        return len(engine) - 1

    assert again() == 1
    write(Path(), {".gitignore": "new/\n"})
    assert again() == 1
    write(Path(), {"new/main.tf": TERRAFORM})
    assert again() == 1  # there is a folder that is left out
    write(Path(), {"new/other.tf": TERRAFORM})
    assert again() == 0
    git(Path(), "add", "-f", "new/other.tf")
    assert again() == 1
    git(Path(), "commit", "-q", "-m", "x")
    assert again() == 0


def test_nothing_is_kept_of_a_run_with_errors(scan: Scan, tmp_path: Path) -> None:
    """Who reads a file first tells what is wrong with it; who relies on that must not be left alone."""
    write(
        Path(),
        {"a/main.tf": 'module "m" {\n  source = "../m"\n}\n', "b/main.tf": 'module "m" {\n  source = "../m"\n}\n'},
    )
    write(Path(), {"m/main.tf": TERRAFORM, "m/broken.tf": 'resource "aws_db_instance" {'})
    assert scan(".")[0] == 2
    shutil.rmtree("a")
    assert scan(".") == scan(".", "--no-cache")
    assert scan(".")[0] == 2


def test_what_is_kept_can_be_removed(scan: Scan, engine: list[str], tmp_path: Path) -> None:
    write(Path(), TREE)
    scan(".")
    other = tmp_path / "cache" / "notes.txt"
    other.write_text("mine")
    for removed in ("removed 1 files", "nothing is kept"):
        result = CliRunner().invoke(clean, ["--cache-dir", str(tmp_path / "cache")])
        assert result.exit_code == 0 and result.output.startswith(removed)
    assert sorted(path.name for path in other.parent.iterdir()) == ["notes.txt"]
    scan(".")
    assert engine == ["ran", "ran"]


def test_the_database_has_a_bounded_size(tmp_path: Path) -> None:
    """What was not used for the longest time goes first."""
    store = opened(str(tmp_path / "cache"), most=10_000)
    assert store is not None
    for number in range(100):
        store.put([(b"%d" % number, bytes(1_000))])
        assert len(store.get([b"%d" % number])) == 1
    kept = store.get([b"%d" % number for number in range(100)])
    assert 5 <= len(kept) <= 10
    assert b"99" in kept and b"0" not in kept
    store.close()


def test_a_value_under_the_key_of_another_is_none(tmp_path: Path) -> None:
    """As it may be where a process was killed while it wrote."""
    folder = tmp_path / "cache"
    store = opened(str(folder))
    assert store is not None
    store.put([(b"a", b"of a"), (b"b", b"of b")])
    store.close()
    with closing(sqlite3.connect(folder / NAME)) as connection:
        connection.execute("delete from entries where key = ?", (b"a",))
        connection.execute("update entries set key = ?", (b"a",))
        connection.commit()
    store = opened(str(folder))
    assert store is not None
    assert store.get([b"a", b"b"]) == {}
    store.close()


def test_several_processes_write_at_once(tmp_path: Path) -> None:
    code = (
        f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cache.store import opened\n"
        f"for n in range(50):\n"
        f"    store = opened({str(tmp_path / 'cache')!r}); store.put([(b'%d' % n, b'x' * 100)]); store.close()\n"
    )
    running = [subprocess.Popen([sys.executable, "-I", "-c", code], stderr=-1) for _ in range(4)]
    assert [process.communicate()[1] for process in running] == [b""] * 4
    store = opened(str(tmp_path / "cache"))
    assert store is not None
    assert len(store.get([b"%d" % number for number in range(50)])) == 50
    store.close()
