"""What an expression is evaluated in: a run of one root, an instance of a module, and the names around it."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from dblint.model import Variable
from dblint.sources.terraform.limits import LimitReached
from dblint.sources.terraform.values.trail import Place
from dblint.sources.terraform.values.value import Evaluated, EvaluationError, boolean, unknown

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

    from dblint.sources.terraform.evaluation.run import Run
    from dblint.sources.terraform.known_modules import Known
    from dblint.sources.terraform.module import Module
    from dblint.sources.terraform.syntax.text import Block

_BUSY: Any = object()


class ModuleInstance:
    """One instance of a module: the root, or what one key of a call makes.

    `address`: "" or "module.db["a"]". `path`: the names of the calls that lead to it. `call` is its block in the
    parent and `caller` the scope that this is evaluated in. `exists`: whether it is there at all. `providers`: the
    local names of providers here -> the instance and the name that they have where their block stands. `known`: the
    summary that is evaluated in the place of code that is not here.
    """

    __slots__ = (
        "address",
        "call",
        "caller",
        "cells",
        "exists",
        "key",
        "known",
        "module",
        "parent",
        "path",
        "providers",
        "run",
    )

    def __init__(
        self,
        run: Run,
        module: Module,
        address: str = "",
        *,
        caller: Scope | None = None,
        call: Block | None = None,
        key: str | int | None = None,
        exists: Evaluated | None = None,
        providers: Mapping[str, tuple[ModuleInstance, str]] | None = None,
        known: Known | None = None,
    ) -> None:
        self.run = run
        self.module = module
        self.address = address
        self.caller = caller
        self.call = call
        self.key = key
        self.parent: ModuleInstance | None = caller.module if caller else None
        self.path: tuple[str, ...] = (*self.parent.path, call.labels[0]) if self.parent and call else ()
        self.exists = boolean(True) if exists is None else exists
        self.providers = providers or {}
        self.known = known
        self.cells: dict[tuple[Any, ...], Any] = {}

    def within(self, address: str) -> str:
        """The address of something inside of this module."""
        return f"{self.address}.{address}" if self.address else address

    def cell(self, key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        """What `compute` gives, computed once; a failure is remembered and raised again.

        What is asked for while it is being computed is unknown: the code goes in a circle.
        """
        found = self.cells.get(key)
        if found is None:
            return self._computed(key, compute)
        if found is _BUSY:
            return unknown(f"{'.'.join(map(str, key[1:3]))} refers to itself")
        if isinstance(found, EvaluationError):
            raise found
        return found

    def _computed(self, key: tuple[Any, ...], compute: Callable[[], Any]) -> Any:
        self.cells[key] = _BUSY
        try:
            result = compute()
        except EvaluationError as error:
            result = error
            raise
        except LimitReached as limit:
            result = self.run.limited(limit)
        finally:
            if self.cells[key] is _BUSY:
                del self.cells[key]
        self.cells[key] = result
        return result


class Scope:
    """The names around an expression. `mark` tells apart scopes of one module in which one expression may mean
    different things (the key of an instance, the turn of a loop). `sealed`: only `names` can be referred to."""

    __slots__ = ("count", "each", "item", "mark", "module", "names", "sealed")

    def __init__(
        self,
        module: ModuleInstance,
        *,
        names: Mapping[str, Evaluated] | None = None,
        each: tuple[Evaluated, Evaluated] | None = None,
        count: Evaluated | None = None,
        item: Evaluated | None = None,
        mark: str = "",
        sealed: bool = False,
    ) -> None:
        self.module = module
        self.sealed = sealed
        self.names = names or {}
        self.each = each
        self.count = count
        self.item = item
        self.mark = mark

    def with_names(self, names: Mapping[str, Evaluated], turn: str) -> Scope:
        """This scope with the names of a loop's turn."""
        return Scope(
            self.module,
            names={**self.names, **names},
            each=self.each,
            count=self.count,
            item=self.item,
            mark=f"{self.mark}/{turn}",
            sealed=self.sealed,
        )

    def with_item(self, item: Evaluated, turn: str) -> Scope:
        """This scope with the element of a splat."""
        return Scope(
            self.module,
            names=self.names,
            each=self.each,
            count=self.count,
            item=item,
            mark=f"{self.mark}/{turn}",
            sealed=self.sealed,
        )

    def anonymous(self, place: Place) -> Variable:
        """The variable of a truth at this place that is unknown and has no identity."""
        text, start, end = place
        words = " ".join(text.text[start:end].split())
        name = words if len(words) <= 80 else f"{words[:79]}…"
        return Variable(f"2 {self.module.address}|{text.path}:{start}{self.mark}", name, domain=(True, False))
