"""Nothing in a scanned repository makes dblint execute, import, write or fetch anything.

A hostile tree is scanned in a process of its own, with an audit hook that notes what the interpreter does.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.cli_support import ROOT, TEMPLATE, TERRAFORM, write
from tests.git_support import commit, environment, git, needs_git

TRAP = "import pathlib; pathlib.Path(__file__).with_suffix('.sprung').write_text('executed')\n"
BOMB = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}, *a{n - 1}]\n" for n in range(1, 40))

HOSTILE_TERRAFORM = """\
resource "aws_db_instance" "hostile" {
  engine            = "postgres"
  password          = file("/etc/passwd")
  identifier        = file("../outside/secret.txt")
  username          = templatefile("${path.module}/../../outside/secret.txt", {})
  storage_encrypted = fileexists("/etc/shadow")
  tags = {
    program = data.external.run.result.x
    hash    = filesha256("/etc/passwd")
    all     = join(",", fileset("/", "**"))
  }

  provisioner "local-exec" {
    command = "touch SPRUNG"
  }
}

data "external" "run" {
  program = ["touch", "SPRUNG"]
}

module "remote" {
  source = "git::https://example.com/nothing.git"
}

module "outside" {
  source = "../outside"
}

module "absolute" {
  source = "/etc"
}

provider "aws" {
  shared_credentials_files = ["/etc/passwd"]
}
"""

SHADOWS = ("bisect", "click", "conftest", "hcl2", "json", "sitecustomize", "usercustomize", "yaml")

TREE: dict[str, str | bytes] = {
    "main.tf": TERRAFORM,
    "hostile/main.tf": HOSTILE_TERRAFORM,
    "template.yaml": TEMPLATE,
    "bomb.yaml": BOMB + TEMPLATE.replace("AWSTemplateFormatVersion", "Metadata: *a39\nAWSTemplateFormatVersion"),
    "include.yaml": TEMPLATE
    + "      Tags: !!python/object/apply:os.system ['touch SPRUNG']\n"
    + "  Included:\n    Fn::Transform: {Name: AWS::Include, Parameters: {Location: /etc/passwd}}\n"
    + "  Stack:\n    Type: AWS::CloudFormation::Stack\n    Properties: {TemplateURL: ../outside/template.yaml}\n",
    "remote.yaml": TEMPLATE
    + "  Stack:\n    Type: AWS::CloudFormation::Stack\n    Properties:\n      TemplateURL: https://example.com/x.yaml\n",
    ".cfnlintrc": "append_rules: [./]\noverride_spec: spec.json\n",
    "setup.cfg": "[cfn-lint]\nappend_rules = ./\n",
    "dblint/__init__.py": TRAP,
    "dblint/cli/__init__.py": TRAP,
    "rules/rds/trap.py": TRAP,
    "tox.ini": "[pytest]\n",
    ".terraform/modules/modules.json": '{"Modules": [{"Key": "remote", "Source": "x", "Dir": "../../outside"}]}',
    **{
        f"{name}.py": TRAP
        for name in ("bisect", "click", "conftest", "hcl2", "json", "sitecustomize", "usercustomize", "yaml")
    },
}

# Runs the command line as the console script does, and writes down what the audit hook saw below or against the tree.
PROBE = """\
import json, os, sys
root, report, own = os.path.realpath(os.getcwd()), sys.argv[1], sys.argv[2]
seen = {"written": [], "read": [], "imported": [], "sockets": [], "processes": [], "executed": []}
CHANGES = {f"os.{name}" for name in "mkdir rename remove rmdir symlink link truncate chmod".split()}
STARTS = {"subprocess.Popen", "pty.spawn", *(f"os.{n}" for n in "system exec fork forkpty posix_spawn spawn".split())}

def below(path):
    known = isinstance(path, str) and not path.startswith("<")
    return known and os.path.realpath(path).startswith(root + os.sep)

def hook(event, arguments):
    if event == "open" and isinstance(arguments[0], (str, bytes, os.PathLike)):
        path, mode, flags = os.fspath(arguments[0]), arguments[1], arguments[2]
        path = os.fsdecode(path)
        writes = (isinstance(mode, str) and set(mode) & set("wax+")) or flags & (os.O_WRONLY | os.O_RDWR | os.O_CREAT)
        if writes:
            seen["written"].append(path)
        elif not (flags & getattr(os, "O_NOFOLLOW", 0) and os.path.islink(path)):
            seen["read"].append(path)  # a link that is not to be followed is refused by the system
    elif event in CHANGES:
        seen["written"].append(str(arguments[0]))
    elif event.startswith("socket.") and event != "socket.gethostname":
        seen["sockets"].append(event)
    elif event in STARTS:
        seen["processes"].append(event)
    elif event == "exec" and hasattr(arguments[0], "co_filename") and below(arguments[0].co_filename):
        seen["executed"].append(arguments[0].co_filename)
    elif event == "import" and below(arguments[1]):
        seen["imported"].append(arguments[0])

sys.path.insert(0, own)
from dblint.cli import main
sys.addaudithook(hook)
seen["code"] = main(sys.argv[3:])
done = {key: list(value) if isinstance(value, list) else value for key, value in seen.items()}
files = [getattr(module, "__file__", "") for module in list(sys.modules.values())]
done["modules"] = sorted(file for file in files if below(file))
with open(report, "w") as file:
    json.dump(done, file)
"""


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The hostile repository, with something outside of it that it wants."""
    write(
        tmp_path,
        {"outside/secret.txt": "hunter2-outside", "outside/main.tf": TERRAFORM, "outside/template.yaml": TEMPLATE},
    )
    tree = write(tmp_path / "repo", {**TREE, ".git/HEAD": ""})
    (tree / "out.tf").symlink_to(tmp_path / "outside" / "main.tf")
    (tree / "out").symlink_to(tmp_path / "outside")
    (tree / "loop").symlink_to(tree)
    return tree


def snapshot(folder: Path) -> dict[str, tuple[int, int, bytes]]:
    """Everything below a folder, with its times and contents."""
    found = {}
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_symlink():
            status = path.stat()
            found[str(path)] = (status.st_mtime_ns, status.st_size, path.read_bytes())
    return found


def observed(tree: Path, tmp_path: Path, *arguments: str) -> tuple[dict[str, Any], str]:
    """What the hook saw of a run, and all that the run printed."""
    report = tmp_path / "report.json"
    probe = tmp_path / "probe.py"
    probe.write_text(PROBE)
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    environment = {**os.environ, "HOME": str(home), "XDG_CACHE_HOME": str(home)}
    command = [sys.executable, "-I", "-B", str(probe), str(report), str(ROOT), *arguments]
    done = subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert report.exists(), done.stderr
    seen: dict[str, Any] = json.loads(report.read_text())
    return seen, done.stdout + done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("scan",),
        ("scan", "-v", "--show-coverage", "-f", "json"),
        ("scan", "--profile", "audit", "-f", "sarif"),
        ("scan", "hostile/main.tf", "include.yaml", "remote.yaml", "bomb.yaml"),
        ("explain", "rds-single-az"),
        ("rules",),
    ],
    ids=" ".join,
)
def test_nothing_is_executed_written_or_fetched(tree: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    before = snapshot(tmp_path / "repo") | snapshot(tmp_path / "outside")
    seen, printed = observed(tree, tmp_path, *arguments)
    assert snapshot(tmp_path / "repo") | snapshot(tmp_path / "outside") == before
    assert seen["executed"] == seen["imported"] == seen["modules"] == []
    assert seen["sockets"] == seen["processes"] == []
    written = [path for path in seen["written"] if not Path(path).is_relative_to(tmp_path / "home")]
    assert written == []
    outside = str(tmp_path / "outside")
    assert [
        path for path in seen["read"] if os.path.realpath(path).startswith(outside) or path.startswith("/etc/")
    ] == []
    assert "hunter2-outside" not in printed
    assert "root:x:" not in printed
    assert "Traceback" not in printed
    assert not list(tmp_path.rglob("*SPRUNG*")) and not list(tmp_path.rglob("*.sprung"))


def test_the_hostile_tree_is_judged_all_the_same(tree: Path, tmp_path: Path) -> None:
    seen, printed = observed(tree, tmp_path, "scan", "-f", "concise")
    assert seen["code"] == 2
    assert "main.tf:9:3: high rds-single-az" in printed
    assert "error: bomb.yaml" in printed
    assert "internal error" not in printed


@pytest.mark.parametrize("text", ['rules = ["./rules"]', 'plugins = ["trap"]', 'output-format = "sarif=main.tf"'])
def test_settings_that_want_more_are_refused(tree: Path, tmp_path: Path, text: str) -> None:
    write(tree, {"dblint.toml": text})
    before = snapshot(tree)
    seen, printed = observed(tree, tmp_path, "scan")
    assert seen["code"] == 2
    assert "settings never name" in printed
    assert seen["executed"] == seen["imported"] == seen["modules"] == []
    assert snapshot(tree) == before


def _started(tree: Path, *options: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, *options, "-m", "dblint", "--version"]
    return subprocess.run(command, cwd=tree, env=environment, capture_output=True, text=True, check=False)


def test_python_m_needs_a_safe_path(tmp_path: Path) -> None:
    done = _started(tmp_path)
    assert done.returncode == 1
    assert "python -I -m dblint" in done.stderr


@pytest.mark.skipif(sys.version_info < (3, 11), reason="-P came with Python 3.11")
def test_a_safe_path_runs_ours_in_a_folder_that_shadows_it(tree: Path) -> None:
    done = _started(tree, "-P")
    assert (done.returncode, done.stdout.startswith("dblint ")) == (0, True), done.stderr
    assert not list(tree.rglob("*.sprung"))


def test_the_probe_sees_what_it_looks_for(tmp_path: Path) -> None:
    """The hook itself: a pack that does all that is forbidden is seen doing it."""
    act = (
        "import os, socket, subprocess\n"
        "from dblint import LOW, rule\nfrom dblint.aws.rds import DBInstance\n"
        "open('written.txt', 'w').close()\nsocket.socket().close()\nsubprocess.run(['true'])\n\n\n"
        '@rule(severity=LOW, category="fitness")\n'
        'def act(db: DBInstance) -> bool:\n    """It acts."""\n    return True\n'
    )
    tree = write(tmp_path / "repo", {"main.tf": TERRAFORM, "pack/mine/act.py": act})
    seen, _ = observed(tree, tmp_path, "scan", "--rules", "pack")
    assert seen["executed"] and seen["sockets"] and seen["processes"]
    assert "written.txt" in seen["written"]


SPRING = "touch SPRUNG"
GIT_CONFIG = f"""\
[core]
	fsmonitor = "{SPRING}; false"
	hooksPath = hooks
	pager = "{SPRING}"
	sshCommand = "{SPRING}"
	gitProxy = "{SPRING}"
	editor = "{SPRING}"
	askPass = "{SPRING}"
	attributesFile = attributes
	untrackedCache = true
[alias]
	ls-files = "!{SPRING}"
	cat-file = "!{SPRING}"
[diff]
	external = "{SPRING}"
[diff "trap"]
	textconv = "{SPRING}; cat"
	command = "{SPRING}"
[filter "trap"]
	clean = "{SPRING}; cat"
	smudge = "{SPRING}; cat"
	process = "{SPRING}"
	required = true
[pager]
	ls-files = "{SPRING}"
[credential]
	helper = "!{SPRING}"
[log]
	showSignature = true
[gpg]
	program = "{SPRING}"
[remote "origin"]
	url = "ext::sh -c {SPRING.replace(" ", "% ")}"
	promisor = true
	partialclonefilter = blob:none
	vcs = trap
[uploadpack]
	packObjectsHook = "{SPRING}"
"""


@needs_git
@pytest.mark.parametrize("arguments", [("--diff-base", "HEAD"), ("--diff-base", "HEAD~1"), ("--staged",)], ids=" ".join)
def test_git_is_held_back(tree: Path, tmp_path: Path, arguments: tuple[str, ...]) -> None:
    """Only git is started, and nothing that the repository configures; what was never fetched is not fetched."""
    (tree / ".git/HEAD").unlink()
    (tree / ".git").rmdir()
    git(tree, "init", "-q", ".")
    commit(tree, {".gitattributes": "* filter=trap diff=trap\n", "sub/main.tf": TERRAFORM})
    lost = git(tree, "rev-parse", "HEAD:sub/main.tf").strip()
    commit(tree, {"sub/main.tf": TERRAFORM.replace("14", "7"), "template.yaml": TEMPLATE.replace("14", "7")})
    for hook in ("post-index-change", "reference-transaction", "pre-auto-gc", "fsmonitor-watchman", "post-checkout"):
        for folder in ("hooks", ".git/hooks"):
            write(tree, {f"{folder}/{hook}": f"#!/bin/sh\n{SPRING}\n"})
            (tree / folder / hook).chmod(0o755)
    with (tree / ".git/config").open("a") as config:
        config.write(GIT_CONFIG + "[extensions]\n\tpartialClone = origin\n[core]\n\trepositoryFormatVersion = 1\n")
    write(tree, {".git/info/attributes": "* filter=trap diff=trap\n", "attributes": "* filter=trap\n"})
    (tree / ".git/objects" / lost[:2] / lost[2:]).unlink()
    write(tree, {"main.tf": TERRAFORM.replace("14", "7"), "sub/main.tf": TERRAFORM.replace("14", "9")})
    before = snapshot(tree)
    seen, printed = observed(tree, tmp_path, "scan", "-v", "--show-coverage", *arguments)
    assert not list(tmp_path.rglob("*SPRUNG*")) and not list(tmp_path.rglob("*.sprung"))
    assert snapshot(tree) == before
    assert set(seen["processes"]) == {"subprocess.Popen"}
    assert seen["executed"] == seen["imported"] == seen["modules"] == seen["sockets"] == []
    written = [path for path in seen["written"] if not Path(path).is_relative_to(tmp_path / "home")]
    assert [path for path in written if path != os.devnull] == []
    assert ("sub/main.tf: it could not be read before the change" in printed) is (arguments[-1] == "HEAD~1"), printed
    assert "Traceback" not in printed and "is not the top" not in printed
    assert seen["code"] == 2 and "error: bomb.yaml" in printed  # the tree was judged
    subprocess.run(["git", "diff"], cwd=tree, env=environment(), capture_output=True, check=False)
    assert list(tmp_path.rglob("*SPRUNG*"))  # the traps spring where git is not held back
