"""The command line as a person calls it: in this process, or in one of its own."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

TEMPLATE = """\
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Orders:
    Type: AWS::RDS::DBInstance
    DeletionPolicy: Snapshot
    UpdateReplacePolicy: Snapshot
    Properties:
      Engine: postgres
      DBInstanceClass: db.m7g.large
      AllocatedStorage: "100"
      ManageMasterUserPassword: true
      PubliclyAccessible: false
      StorageEncrypted: true
      DeletionProtection: true
      BackupRetentionPeriod: 14
      MultiAZ: false
"""
TERRAFORM = """\
resource "aws_db_instance" "orders" {
  engine                    = "postgres"
  instance_class            = "db.m7g.large"
  storage_encrypted         = true
  deletion_protection       = true
  backup_retention_period   = 14
  skip_final_snapshot       = false
  final_snapshot_identifier = "last"
  multi_az                  = false
}
"""
SOUND = TERRAFORM.replace("multi_az                  = false", "multi_az                  = true")


@dataclass(frozen=True)
class Ended:
    """How a call ended."""

    code: int
    out: str
    err: str


Call = Callable[..., Ended]


def write(folder: Path, files: Mapping[str, str | bytes]) -> Path:
    """Writes files below a folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return folder


def in_process_of_its_own(
    *arguments: str, cwd: Path, stdin: bytes = b"", env: Mapping[str, str] | None = None, timeout: float = 60
) -> Ended:
    """Runs the code of this checkout as the console script does, whatever folder it is started in."""
    code = f"import sys; sys.path.insert(0, {str(ROOT)!r}); from dblint.cli import process; process()"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, *arguments],
        cwd=cwd,
        input=stdin,
        capture_output=True,
        timeout=timeout,
        env={**os.environ, **(env or {})},
        check=False,
    )
    return Ended(done.returncode, done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace"))
