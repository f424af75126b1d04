"""`dblint clean`: removes what is kept between runs."""

from __future__ import annotations

import os

import click

from dblint.cache import place
from dblint.cli.terminal import write

_OURS = ("dblint-", "hcl2-lark-")


@click.command()
@click.option("--cache-dir", metavar="DIR", help="The folder that --cache-dir of scan named, in place of the user's.")
def command(cache_dir: str | None) -> None:
    """Remove all that is kept between runs: results and the compiled grammar."""
    folder = os.path.abspath(cache_dir) if cache_dir else place.default()
    removed, size = 0, 0
    for path in _kept(folder):
        try:
            bytes_ = os.lstat(path).st_size
            os.remove(path)
        except OSError as error:
            raise click.ClickException(
                f"{path}: it can not be removed: {(error.strerror or str(error)).lower()}"
            ) from None
        removed, size = removed + 1, size + bytes_
    write(
        f"removed {removed} files with {size:,} bytes from {folder}\n" if removed else f"nothing is kept in {folder}\n"
    )


def _kept(folder: str) -> list[str]:
    """The files that are ours, by their names: a folder that somebody named may hold others."""
    try:
        names = sorted(os.listdir(folder))
    except OSError:
        return []
    paths = (os.path.join(folder, name) for name in names if name.startswith(_OURS))
    return [path for path in paths if os.path.islink(path) or os.path.isfile(path)]
