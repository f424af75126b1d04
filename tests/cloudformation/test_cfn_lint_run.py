"""`dblint scan --with-cfn-lint`: what cfn-lint says of databases, by the real one in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from cfn_support import write

from dblint.aws import rds  # noqa: F401  (registers the views)
from dblint.scan.cfn_lint import check as checking
from dblint.scan.cfn_lint import process
from dblint.scan.cfn_lint.check import check
from dblint.scan.cfn_lint.process import Failed, Limits, ask
from dblint.sources.base import Wishes
from dblint.sources.cloudformation.source import CloudFormation
from dblint.sources.files import Files
from tests.cli_support import ROOT, Call, in_process_of_its_own

# E3002: the property does not exist. E2015: the default is too short. W2001 speaks of a parameter that nobody uses.
WRONG = """\
AWSTemplateFormatVersion: "2010-09-09"
Parameters:
  Class: {Type: String, Default: db.m7g.large, MinLength: 20}
  Nobody: {Type: String}
Resources:
  Db:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: mysql
      DBInstanceClass: !Ref Class
      AllocatedStorage: "100"
      ManageMasterUserPassword: true
      PubliclyAccessible: false
      StorageEncrypted: true
      DeletionProtection: true
      BackupRetentionPeriod: 14
      MultiAZ: true
      MutliAZ: true
  Bucket:
    Type: AWS::S3::Bucket
    Properties: {BucketNam: x}
"""
RIGHT = (
    WRONG.replace("      MutliAZ: true\n", "").replace(", MinLength: 20", "").replace("  Nobody: {Type: String}\n", "")
)
SELECT = ("--select", "rds-single-az,cfn-lint-*")


def found(out: str) -> list[tuple[str, str, int, str]]:
    """Rule, file, line and address of each finding of a report in JSON."""
    document = json.loads(out)
    assert document["run"]["trusted"], document["errors"]
    labels = [(f, next(label for label in f["labels"] if label["primary"])) for f in document["findings"]]
    return [(f["rule"], at["path"], at["start"]["line"], f["address"]) for f, at in labels]


def test_it_speaks_of_databases_and_their_parameters_alone(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": WRONG})
    ended = dblint("scan", "--with-cfn-lint", "-f", "json", *SELECT)
    assert ended.code == 1
    assert found(ended.out) == [("cfn-lint-E2015", "t.yaml", 3, "Db"), ("cfn-lint-E3002", "t.yaml", 20, "Db")]
    document = json.loads(ended.out)
    (typo,) = [f for f in document["findings"] if f["rule"] == "cfn-lint-E3002"]
    assert (typo["severity"], typo["category"], typo["property"]) == ("high", "validity", "MutliAZ")
    assert "MutliAZ" in typo["message"]
    assert typo["why"]
    assert document["summary"]["by_tool"] == {"cfn-lint": 2}


def test_the_summary_counts_it_apart(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": WRONG.replace("MultiAZ: true", "MultiAZ: false")})
    ended = dblint("scan", "--with-cfn-lint", *SELECT)
    assert "  --> t.yaml:20:7" in ended.out
    assert "Found 3 problems in 1 database resource (1 file)\n  high 3  by cfn-lint 2\n" in ended.out


FORMATS = ("full", "concise", "grouped", "agent", "json", "json-lines", "github", "sarif", "gitlab", "junit", "csv")


def reports(folder: Path, dblint: Call, *arguments: str, **more: bool) -> dict[str, str]:
    """What a run says: each format, and standard error."""
    (folder / "out").mkdir()
    targets = [argument for format in FORMATS for argument in ("-f", f"{format}=out/{format}")]
    ended = dblint("scan", "--with-cfn-lint", "t.yaml", *targets, *arguments, **more)
    said = {format: (folder / "out" / format).read_text(encoding="utf-8") for format in FORMATS}
    return {**said, "errors": ended.out + ended.err}


def test_every_format_tells_it(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": WRONG})
    said = reports(tmp_path, dblint, *SELECT)
    assert {format: ("E3002" in said[format], "MutliAZ" in said[format]) for format in FORMATS} == dict.fromkeys(
        FORMATS, (True, True)
    )
    assert "docs/rules.md#E3002" in said["full"]
    assert "dblint explain cfn-lint" not in "".join(said.values())


def test_explain_says_where_it_is_explained(dblint: Call) -> None:
    ended = dblint("explain", "cfn-lint-E3002")
    assert ended.code == 2
    assert "docs/rules.md#E3002" in ended.err


def test_a_sound_template_has_no_findings(dblint: Call, tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": RIGHT})
    assert dblint("scan", "--with-cfn-lint", *SELECT).code == 0


@pytest.mark.parametrize(
    ("select", "expected"),
    [
        ("cfn-lint-E3002", ["cfn-lint-E3002"]),
        ("cfn-lint-E2*,rds-single-az", ["cfn-lint-E2015"]),
        ("category:validity", ["cfn-lint-E2015", "cfn-lint-E3002"]),
    ],
)
def test_selectors(dblint: Call, tmp_path: Path, select: str, expected: list[str]) -> None:
    write(tmp_path, {"t.yaml": WRONG})
    ended = dblint("scan", "--with-cfn-lint", "-f", "json", "--select", select)
    assert [rule for rule, *_ in found(ended.out)] == expected


def test_suppressions(dblint: Call, tmp_path: Path) -> None:
    text = WRONG.replace("MutliAZ: true", "MutliAZ: true # dblint: ignore[cfn-lint-E3002] on purpose")
    write(tmp_path, {"t.yaml": text})
    ended = dblint("scan", "--with-cfn-lint", "-f", "json", *SELECT)
    assert [rule for rule, *_ in found(ended.out)] == ["cfn-lint-E2015"]
    assert [item["rule"] for item in json.loads(ended.out)["suppressed"]] == ["cfn-lint-E3002"]


PLANTED = """\
import pathlib
pathlib.Path({mark!r}).write_text("run")
from cfnlint.rules import CloudFormationLintRule
"""


def test_nothing_of_the_scanned_tree_configures_it(tmp_path: Path) -> None:
    """Neither a configuration with rules that would be run, nor modules that shadow others."""
    mark = tmp_path / "mark"
    evil = PLANTED.format(mark=str(mark))
    configuration = "append_rules: [./evil]\nignore_checks: [E]\n"
    tree = tmp_path / "tree"
    write(
        tree,
        {
            "t.yaml": WRONG,
            ".cfnlintrc": configuration,
            ".cfnlintrc.yaml": configuration,
            "setup.cfg": "[cfn-lint]\nignore_checks = E\n",
            "evil/rule.py": evil,
            **dict.fromkeys(("sitecustomize.py", "cfnlint.py", "yaml.py", "json.py", "usercustomize.py"), evil),
        },
    )
    home = tmp_path / "home"
    write(home, {".cfnlintrc": configuration, ".cfnlintrc.yaml": configuration})
    env = {"HOME": str(home), "PYTHONPATH": str(tree), "CFN_LINT_IGNORE_CHECKS": "E"}
    ended = in_process_of_its_own("scan", "--with-cfn-lint", "-f", "json", *SELECT, cwd=tree, env=env)
    assert [rule for rule, *_ in found(ended.out)] == ["cfn-lint-E2015", "cfn-lint-E3002"]
    assert not mark.exists()


def test_the_same_configuration_does_configure_cfn_lint_itself(tmp_path: Path) -> None:
    """So that the test above would fail if the tree were read."""
    mark = tmp_path / "mark"
    files = {"t.yaml": WRONG, ".cfnlintrc": "append_rules: [./evil]\n", "evil/rule.py": PLANTED.format(mark=str(mark))}
    write(tmp_path, files)
    command = [sys.executable, "-c", "from cfnlint.runner import main; main()", "t.yaml"]
    subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=60, check=False)
    assert mark.exists()


def test_without_the_option_it_is_neither_imported_nor_started(tmp_path: Path) -> None:
    write(tmp_path, {"t.yaml": WRONG})
    code = (
        "import sys, subprocess\n"
        "sys.addaudithook(lambda event, _: event.startswith('subprocess') and sys.exit('started'))\n"
        "from dblint.cli import main\n"
        "assert main(['scan', '-q']) == 1\n"
        "sys.exit(','.join(m for m in sys.modules if m.startswith(('cfnlint', 'dblint.scan.cfn_lint'))) or None)\n"
    )
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{code}"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr.strip()) == (0, "")


def test_what_it_can_not_read_is_a_problem(dblint: Call, tmp_path: Path) -> None:
    """Our reader takes texts in JSON that YAML does not know; its does not."""
    template = '{"Resources": {"Db": {"Type": "AWS::RDS::DBInstance", "Properties": {"DBName": "\\ud83d\\ude00"}}}}'
    write(tmp_path, {"t.json": template})
    ended = dblint("scan", "--with-cfn-lint", *SELECT)
    assert ended.code == 2
    assert "cfn-lint could not check it" in ended.err
    assert "t.json" in ended.err


def test_it_may_be_missing(dblint: Call, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path, {"t.yaml": WRONG})
    monkeypatch.setattr(process.importlib.util, "find_spec", lambda name: None)
    ended = dblint("scan", "--with-cfn-lint", *SELECT)
    assert ended.code == 2
    assert "cfn-lint is not installed" in ended.err
    assert "pip install cfn-lint" in ended.err


@pytest.mark.parametrize(
    ("child", "expected"),
    [
        ("import os; os.kill(os.getpid(), 11)", "ended by signal 11"),
        ("import time; time.sleep(60)", "did not come to an end within 0.5 seconds"),
        ("raise SystemExit(3)", "exit code 3"),
        ("print('no json')", "can not be read"),
        ("print('[{}]')", "can not be read"),
        ("import sys; sys.exit('some last words')", "some last words"),
    ],
)
def test_what_brings_it_down_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, child: str, expected: str
) -> None:
    write(tmp_path, {"tree/t.yaml": WRONG, "child.py": child})
    monkeypatch.setattr(process, "_CHILD", tmp_path / "child.py")
    files = Files(tmp_path / "tree")
    files.add(tmp_path / "tree")
    roots = CloudFormation().roots(files, Wishes(), [])
    for root in roots:
        list(root.deployments())
    checked = check(files, roots, Limits(seconds=0.5, alone=0.5))
    (problem,) = checked.problems
    assert problem.path == "t.yaml"
    assert expected in problem.message
    assert "--with-cfn-lint" in problem.hint
    assert checked.findings == []


BOMB = """\
import json, sys
files = [a for a in sys.argv if a.endswith('.yaml') and 'templates' in a]
if any('bad' in f for f in files):
    sys.exit(9)
print(json.dumps([]))
"""


def test_one_that_brings_it_down_does_not_take_the_others_along(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(tmp_path, {"child.py": BOMB})
    monkeypatch.setattr(process, "_CHILD", tmp_path / "child.py")
    names = ["a.yaml", "bad1.yaml", "bad2.yaml", "b.yaml", "bad3.yaml", "c.yaml"]
    answer = ask(dict.fromkeys(names, b"{}"), "", Limits(failures=2))
    assert list(answer.failures) == ["bad1.yaml", "bad2.yaml", "b.yaml", "bad3.yaml", "c.yaml"]
    assert answer.failures["c.yaml"] == "it was not looked at, after 2 others failed"


ESCAPES = {
    "reads a file": "open({secret!r}).read()",
    "writes a file": "open({mark!r}, 'w').write('x')",
    "starts a process": "__import__('subprocess').run(['touch', {mark!r}])",
    "calls the shell": "__import__('os').system('touch ' + {mark!r})",
    "connects": "__import__('socket').create_connection(('127.0.0.1', 9))",
    "removes": "__import__('os').remove({secret!r})",
}


@pytest.mark.parametrize("what", ESCAPES)
def test_the_process_is_fenced_in(tmp_path: Path, what: str) -> None:
    """Whatever code of cfn-lint a template might reach, it runs behind the fence."""
    secret, mark, folder = tmp_path / "secret", tmp_path / "mark", tmp_path / "folder"
    secret.write_text("hush")
    folder.mkdir()
    code = ESCAPES[what].format(secret=str(secret), mark=str(mark))
    script = (
        "import importlib.util, sys\n"
        f"spec = importlib.util.spec_from_file_location('child', {str(process._CHILD)!r})\n"
        "child = importlib.util.module_from_spec(spec)\n"
        "spec.loader.exec_module(child)\n"
        f"child._fence((sys.prefix, sys.base_prefix, {str(folder)!r} + '/'))\n"
        "try:\n"
        f"    {code}\n"
        "except PermissionError:\n"
        "    sys.exit(0)\n"
        "sys.exit('it got out')\n"
    )
    done = subprocess.run([sys.executable, "-I", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert secret.exists()
    assert not mark.exists()


SECRET = "hush-hush-1234"


def test_what_it_quotes_is_no_secret(dblint: Call, tmp_path: Path) -> None:
    """It quotes values that it refuses, defaults of hidden parameters too."""
    text = WRONG.replace("  Nobody: {Type: String}\n", f"  Pw: {{Type: Number, NoEcho: true, Default: {SECRET}}}\n")
    text = text.replace("      ManageMasterUserPassword: true\n", "      MasterUserPassword: !Ref Pw\n")
    write(tmp_path, {"t.yaml": text})
    said = reports(tmp_path, dblint, "--select", "ALL", all_rules=True)
    assert "cfn-lint-E" in said["full"]
    assert {name for name, text in said.items() if SECRET in text} == set()


def test_what_both_say_is_told_once(dblint: Call, tmp_path: Path) -> None:
    """By the table of equivalents."""
    same = {rule: tools["cfn-lint"] for rule, tools in checking.load().items() if "cfn-lint" in tools}
    assert same
    text = RIGHT.replace("Engine: mysql", 'Engine: postgres\n      EngineVersion: "9.6.20"')
    write(tmp_path, {"t.yaml": text})
    ended = dblint("scan", "--with-cfn-lint", "-f", "json", "--select", "rds-engine-version-deprecated,cfn-lint-*")
    rules = [rule for rule, *_ in found(ended.out)]
    assert "rds-engine-version-deprecated" in rules
    told = set(same["rds-engine-version-deprecated"])
    assert not told & {rule.removeprefix("cfn-lint-") for rule in rules}
    assert "says the same" in ended.out


def test_failed_is_no_silence() -> None:
    with pytest.raises(Failed):
        process._matches(Path("/x"), b"{")
