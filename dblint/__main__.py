"""For `python -P -m dblint`. Without -P, Python looks for modules in the folder that it is started in, which may be the
one that is scanned: a file called click.py there would be executed."""

from __future__ import annotations

import sys

if __name__ == "__main__":
    if not (sys.flags.isolated or getattr(sys.flags, "safe_path", False)):
        sys.exit("start it as `dblint`, or as `python -I -m dblint`: without -I, Python may run files of this folder")
    from dblint.cli import process

    process()
