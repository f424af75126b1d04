"""Which rules run, and how the settings change them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from dblint import RULESET
from dblint.globs import matches
from dblint.model import Problem
from dblint.nearest import nearest
from dblint.records import dataclass
from dblint.rule_definition import PROFILES, Rule
from dblint.selectors import NAME, UnknownSelector, chosen, is_foreign, rank
from dblint.settings.lists import Selectors
from dblint.settings.values import Settings, SettingsError
from dblint.versions import is_later

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any


@dataclass(frozen=True, slots=True)
class Selection:
    """`rules` run. `severities` and `options` are those that the settings change, by rule. `elsewhere`: for each
    override, its patterns of paths and the rules that hold there; the last one that fits decides."""

    rules: tuple[Rule, ...]
    names: frozenset[str]
    severities: Mapping[str, str]
    options: Mapping[str, Mapping[str, Any]]
    elsewhere: tuple[tuple[tuple[str, ...], frozenset[str]], ...] = ()

    def holds(self, rule: str, path: str) -> bool:
        """Whether a rule holds for a file."""
        names = self.names
        for patterns, others in self.elsewhere:
            names = others if matches(path, patterns) else names
        return rule in names


def select(rules: Sequence[Rule], settings: Settings) -> Selection:
    """The rules that the settings ask for. Raises SettingsError for what names no rule or no option."""
    problems = [
        *_unknown_selectors(rules, settings),
        *_unknown_rules(rules, settings),
        *_wrong_options(rules, settings),
    ]
    names = frozenset[str]()
    elsewhere = []
    if not problems:
        names = _names(rules, settings, settings.selectors)
        for override in settings.overrides:
            layers = (*settings.selectors, override.selectors)
            elsewhere.append((override.paths, _names(rules, settings, layers)))
    if not names and not problems:
        problems.append(Problem(settings.path, _nothing_left(rules, settings)))
    if problems:
        raise SettingsError(*problems)
    own = settings.rules
    wanted = names.union(*(others for _, others in elsewhere))
    return Selection(
        rules=tuple(rule for rule in rules if rule.id in wanted),
        names=names,
        severities={name: rule.severity for name, rule in own.items() if rule.severity},
        options={
            rule.id: _options(rule, settings.rules[rule.id].options) for rule in rules if rule.id in settings.rules
        },
        elsewhere=tuple(elsewhere),
    )


def asks_for_foreign(settings: Settings) -> bool:
    """Whether the settings select rules of another tool by their names."""
    layers = (*settings.selectors, *(override.selectors for override in settings.overrides))
    return any(is_foreign(s) for layer in layers for s in (*(layer.select or ()), *layer.extend_select))


def _names(rules: Sequence[Rule], settings: Settings, layers: Sequence[Selectors]) -> frozenset[str]:
    """The rules that layers of selectors leave, each layer over the one before it.

    A name beats a pattern, a pattern beats a group; among equals the later layer wins, and in one layer `ignore`. A
    later `select` or `ignore` replaces what the earlier layers say of it, and still yields to their closer words. Rules
    of a later set than the settings want are selected by their name alone.
    """
    steps = sorted(_steps(layers), key=lambda step: step[:3])
    selected = any(layer.select is not None for layer in layers)
    waiting = _waiting(rules, settings)
    names = frozenset[str]() if selected else _of_profile(rules, settings.profile) - waiting
    for closeness, _, removes, selector in steps:
        found = chosen(selector, rules)
        if closeness != NAME and not removes:
            found -= waiting
        names = names - found if removes else names | found
    return names


def _nothing_left(rules: Sequence[Rule], settings: Settings) -> str:
    if settings.ruleset and rules and len(_waiting(rules, settings)) == len(rules):
        return f"no rule is left: all of them came later than the set {settings.ruleset}"
    return "no rule is left: what is selected is ignored as well"


def _waiting(rules: Sequence[Rule], settings: Settings) -> frozenset[str]:
    """The rules that came with a later set than the one that the settings name, or than the current one (in
    preview)."""
    if settings.preview:
        return frozenset()
    return frozenset(rule.id for rule in rules if is_later(rule.since, settings.ruleset or RULESET))


def _steps(layers: Sequence[Selectors]) -> Iterator[tuple[int, int, bool, str]]:
    """Each selector with what orders it: how close it is, its layer, whether it removes."""
    last_select = max((i for i, layer in enumerate(layers) if layer.select is not None), default=0)
    last_ignore = max((i for i, layer in enumerate(layers) if layer.ignore is not None), default=0)
    for number, layer in enumerate(layers):
        if number == last_select:
            yield from ((rank(s), number if rank(s) == NAME else 0, False, s) for s in layer.select or ())
        if number >= last_select:
            yield from ((rank(s), number, False, s) for s in layer.extend_select)
        if number == last_ignore:
            yield from ((rank(s), number, True, s) for s in layer.ignore or ())
        if number >= last_ignore:
            yield from ((rank(s), number, True, s) for s in layer.extend_ignore)


def _of_profile(rules: Sequence[Rule], profile: str) -> frozenset[str]:
    included = PROFILES[: PROFILES.index(profile) + 1]
    return frozenset(rule.id for rule in rules if rule.profile in included)


def _unknown_selectors(rules: Sequence[Rule], settings: Settings) -> Iterator[Problem]:
    for layer in (*settings.selectors, *(override.selectors for override in settings.overrides)):
        for key in ("select", "ignore", "extend_select", "extend_ignore"):
            path, line = layer.places.get(key, (settings.path, None))
            for selector in getattr(layer, key) or ():
                try:
                    chosen(selector, rules)
                except UnknownSelector as error:
                    yield Problem(path, str(error), line, hint="dblint rules lists all rules")


def _unknown_rules(rules: Sequence[Rule], settings: Settings) -> Iterator[Problem]:
    known = [rule.id for rule in rules]
    for name, own in settings.rules.items():
        if name not in known and not is_foreign(name):
            yield Problem(own.place[0], f"unknown rule {name}{nearest(name, known)}", own.place[1])
    for ignore in settings.ignores:
        for selector in ignore.rules:
            try:
                chosen(selector, rules)
            except UnknownSelector as error:
                yield Problem(ignore.file, str(error), ignore.line)


def _wrong_options(rules: Sequence[Rule], settings: Settings) -> Iterator[Problem]:
    for rule in rules:
        own = settings.rules.get(rule.id)
        for key, value in own.options.items() if own else ():
            wrong = _wrong_option(rule, key, value)
            if own and wrong:
                yield Problem(own.place[0], f"rules.{rule.id}: {wrong}", own.place[1])


def _wrong_option(rule: Rule, key: str, value: object) -> str:
    known = {name.replace("_", "-"): default for name, default in rule.options.items()}
    if key not in known:
        return f"unknown key {key}{nearest(key, [*known, 'severity', 'ignorable'])}"
    default = known[key]
    if isinstance(default, (tuple, list, frozenset)):
        fits = isinstance(value, list) and all(isinstance(item, str) for item in value)
        return "" if fits else f"{key}: expected a list of texts"
    fits = isinstance(value, type(default)) and isinstance(value, bool) == isinstance(default, bool)
    if isinstance(default, float) and isinstance(value, int) and not isinstance(value, bool):
        fits = True
    if not fits:
        words = {bool: "true or false", int: "a whole number", float: "a number", str: "a text"}
        return f"{key}: expected {words.get(type(default), type(default).__name__)}"
    # Options count days, nodes and the like: below none there is nothing, and the rule would be off in silence.
    return f"{key}: expected 0 or more" if isinstance(value, (int, float)) and value < 0 else ""


def _options(rule: Rule, written: Mapping[str, Any]) -> dict[str, Any]:
    """Options as the rule's predicate takes them."""
    named = {key.replace("-", "_"): value for key, value in written.items()}
    return {name: type(rule.options[name])(value) for name, value in named.items()}
