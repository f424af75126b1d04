"""Completion: the scripts, and what they ask dblint for."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.cli_support import ROOT, Call, in_process_of_its_own

SHELLS = ("bash", "zsh", "fish", "powershell")


@pytest.mark.parametrize("shell", SHELLS)
def test_scripts(dblint: Call, shell: str) -> None:
    ended = dblint("completion", shell)
    assert (ended.code, ended.err) == (0, "")
    assert "_DBLINT_COMPLETE" in ended.out and f"{shell}_complete" in ended.out
    assert "%(" not in ended.out
    if shutil.which(shell):
        checked = subprocess.run([shell, "-n"], input=ended.out, capture_output=True, text=True, check=False)
        assert (checked.returncode, checked.stderr) == (0, "")


def completed(folder: Path, shell: str, line: str) -> list[str]:
    """The values that are offered after a line, the last word of which is being written."""
    words = line.split(" ")
    asked = {"COMP_WORDS": line, "COMP_CWORD": words[-1] if shell in ("fish", "powershell") else str(len(words) - 1)}
    ended = in_process_of_its_own(cwd=folder, env={**asked, "_DBLINT_COMPLETE": f"{shell}_complete"})
    assert (ended.code, ended.err) == (0, "")
    if shell == "bash":
        return [text.partition(",")[2] for text in ended.out.splitlines() if text]
    if shell == "zsh":
        return ended.out.splitlines()[1::3]
    separator = "\t" if shell == "powershell" else ","
    return [text.split(separator)[1].partition("\t")[0] for text in ended.out.splitlines() if text]


@pytest.mark.parametrize("shell", SHELLS)
@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("dblint sc", ["scan"]),
        ("dblint baseline ", ["prune", "show", "write"]),
        ("dblint explain rds-single", ["rds-single-az"]),
        ("dblint scan --select rds-single", ["rds-single-az"]),
        ("dblint scan --diff-b", ["--diff-base"]),
        ("dblint scan --profile s", ["strict"]),
        ("dblint nonsense x", []),
    ],
)
def test_what_is_offered(tmp_path: Path, shell: str, line: str, offered: list[str]) -> None:
    assert sorted(completed(tmp_path, shell, line)) == offered


@pytest.mark.skipif(shutil.which("bash") is None, reason="there is no bash")
def test_a_real_bash_completes(dblint: Call, tmp_path: Path) -> None:
    script = dblint("completion", "bash").out
    program = tmp_path / "dblint"
    start = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import main; sys.exit(main())"
    program.write_text(f"#!{sys.executable} -I\n{start}\n")
    program.chmod(0o755)
    asks = (
        f'{script}\nPATH="{tmp_path}:$PATH"\nCOMP_WORDS=(dblint explain rds-single)\nCOMP_CWORD=2\n'
        'f=$(complete -p dblint | sed "s/.*-F \\([^ ]*\\) .*/\\1/")\n$f dblint\necho "${COMPREPLY[@]}"\n'
    )
    done = subprocess.run(["bash", "--norc", "-c", asks], capture_output=True, text=True, check=False)
    assert (done.stdout.strip(), done.stderr) == ("rds-single-az", "")
