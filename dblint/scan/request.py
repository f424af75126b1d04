"""What a run is asked for."""

from __future__ import annotations

from collections.abc import Callable

from dblint.model import Note
from dblint.records import dataclass
from dblint.rule_definition import Rule
from dblint.scan import inputs
from dblint.settings.values import Settings
from dblint.sources.base import Source, Wishes
from dblint.sources.files import Files

TYPE_CHECKING = False
if TYPE_CHECKING:
    import datetime

    from dblint.baseline import Baseline
    from dblint.cache.store import Store
    from dblint.scan.change.begin import Change


@dataclass(frozen=True, slots=True)
class Request:
    """What is to be done. `files` know the paths that were named, which are `named` as the user wrote them; `rules`
    gives all rules that there are, and `source` the kinds of input by their names: neither is asked without need.
    `whole_root`: report on the roots of the named files, not on the files alone. `stale_fails`: an entry of the
    baseline whose finding is gone makes the run fail. `change`: only what it brings is reported. `store` is where
    anything is kept between runs. `progress` is told how many roots are judged, of how many, and which one comes
    next. `jobs`: in how many processes; `shard`: only the roots of one part of so many (K, N)."""

    files: Files
    settings: Settings
    wishes: Wishes
    named: tuple[str, ...]
    today: Callable[[], datetime.date]
    rules: Callable[[], list[Rule]]
    allow_empty: bool = False
    suppress: bool = True
    whole_root: bool = False
    baseline: Baseline | None = None
    stale_fails: bool = False
    change: Change | None = None
    with_cfn_lint: bool = False
    warnings: tuple[Note, ...] = ()
    store: Store | None = None
    jobs: int = 1
    shard: tuple[int, int] | None = None
    source: Callable[[str], Source] = inputs.source
    progress: Callable[[int, int, str], None] | None = None
