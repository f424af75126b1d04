"""What a scan would do, without doing it: the settings that hold for it, and the files that it would look at."""

from __future__ import annotations

from collections.abc import Mapping

from dblint.cli.terminal import complain

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.scan.request import Request


def listed(request: Request, options: Mapping[str, Any]) -> str | None:
    """The list that is asked for in place of a scan, as text; None where none is."""
    if options["show_settings"]:
        from dblint.cli.config import shown

        return shown(options, "toml")
    if options["show_files"]:
        from dblint.scan.run import readable

        complain(request.files.problems, options["colour"])
        head = f"{request.files.disk.root.rstrip('/')}/" if options["absolute_paths"] else ""
        return "".join(f"{head}{path}\n" for path in sorted(readable(request.files)))
    return None
