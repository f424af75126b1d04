"""Runs cfn-lint's command line, fenced in: `python -I -B child.py FOLDER PACKAGES ARGUMENT...`.

Started by `process.py` in a process of its own, and imported by nobody. cfn-lint reads what templates name: paths of
nested stacks may lead anywhere. So from the moment that it is loaded, this process reads nothing but cfn-lint, Python
and FOLDER, writes nothing, and starts and connects to nothing.
"""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

MOST_MEMORY = 4 * 1024**3
_NEVER = ("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.spawn", "os.system", "urllib.")
_WRITES = ("os.remove", "os.rename", "os.rmdir", "os.mkdir", "os.link", "os.symlink", "os.truncate", "shutil.")


def _fence(folders: tuple[str, ...]) -> None:
    """Refuses what is not allowed, as the operating system would: cfn-lint takes it for a file that it may not read."""

    def audit(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(_NEVER + _WRITES):
            raise PermissionError(13, f"{event} is not allowed here")
        if event == "open" and isinstance(arguments[0], (str, bytes)):
            path, mode, flags = arguments
            writes = any(sign in str(mode or "") for sign in "wax+") or bool((flags or 0) & _WRITING)
            if writes or not os.path.realpath(os.fsdecode(path)).startswith(folders):
                raise PermissionError(13, "not allowed here", path)

    sys.addaudithook(audit)


_WRITING = os.O_WRONLY | os.O_RDWR | os.O_CREAT


def _limit_memory() -> None:
    try:
        import resource

        resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    except (ImportError, ValueError, OSError):
        pass  # not on this system


def main() -> None:
    folder, packages = sys.argv[1], sys.argv[2]
    sys.argv[1:3] = []
    if packages not in sys.path:
        sys.path.append(packages)
    _limit_memory()
    from cfnlint.runner import main as lint

    known = (folder, packages, sys.prefix, sys.base_prefix, sys.exec_prefix)
    _fence(tuple(os.path.join(os.path.realpath(path), "") for path in known))
    lint()


if __name__ == "__main__":
    main()
