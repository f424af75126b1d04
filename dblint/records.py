"""Dataclasses that cost next to nothing to declare: a drop-in for the part of `dataclasses` that we use.

`dataclasses` runs the compiler up to six times for each class and imports `inspect`: of a start of 150 ms that was a
quarter. Here a class is made once with its slots, what can be shared is shared, and `__init__` is compiled when it
has made some instances without that. To the type checker these names are those of `dataclasses` itself.
"""

from __future__ import annotations

TYPE_CHECKING = False
if TYPE_CHECKING:
    from dataclasses import dataclass, field, replace
else:
    from operator import attrgetter

    # Instances that are made without compiling anything (that takes as long as making 40), and those of each so far.
    _WORTH_COMPILING = 40
    _MADE = {}

    class _Factory:
        """A default that is made for each instance."""

        __slots__ = ("make",)

        def __init__(self, make):
            self.make = make

    class FrozenInstanceError(AttributeError):
        """A field of a frozen instance was assigned to."""

    def field(*, default_factory):
        """A field whose default is made anew for each instance."""
        return _Factory(default_factory)

    def replace(record, /, **changes):
        """A copy with other values of some fields."""
        cls = record.__class__
        for name in cls.__fields__:
            if name not in changes:
                changes[name] = getattr(record, name)
        return cls(**changes)

    def dataclass(*, slots, frozen=False, eq=True):
        """Makes a class with slots of the annotated one. Fields of a base class stand first."""
        assert slots

        def made(cls):
            fields = dict(getattr(cls, "__fields__", {}))
            own = [
                name
                for name, type in cls.__annotations__.items()
                if not str(type).startswith(("ClassVar", "typing.ClassVar"))
            ]
            namespace = {k: v for k, v in vars(cls).items() if k not in ("__dict__", "__weakref__", *own)}
            fields.update((name, (vars(cls)[name],) if name in vars(cls) else ()) for name in own)
            namespace.update(_methods(tuple(fields), frozen, eq))
            namespace.update(__slots__=tuple(own), __fields__=fields)
            return type(cls)(cls.__name__, cls.__bases__, namespace)

        return made

    def _methods(names, frozen, eq):
        methods = {"__init__": _slow_init, "__repr__": _repr, "__reduce__": _reduce, "__match_args__": names}
        if frozen:
            methods.update(__setattr__=_refuse, __delattr__=_refuse)
        if eq and names:
            methods.update(_comparison(attrgetter(*names), frozen))
        return methods

    def _comparison(values, frozen):
        def equal(self, other):
            return values(self) == values(other) if other.__class__ is self.__class__ else NotImplemented

        def hashed(self):
            return hash(values(self))

        return {"__eq__": equal, "__hash__": hashed if frozen else None}

    def _slow_init(self, *positional, **named):
        """Stands in for `__init__` until that is worth compiling."""
        cls = next(c for c in self.__class__.__mro__ if vars(c).get("__init__") is _slow_init)
        made = _MADE.get(cls, 0)
        if made == _WORTH_COMPILING or len(positional) > len(cls.__fields__) or named.keys() - cls.__fields__.keys():
            cls.__init__ = _compiled_init(cls)  # which also knows how to refuse
            cls.__init__(self, *positional, **named)
            return
        _MADE[cls] = made + 1
        given = dict(zip(cls.__fields__, positional))
        for name, default in cls.__fields__.items():
            if name in given:
                if name in named:
                    raise TypeError(f"{cls.__qualname__} got multiple values for {name}")
                value = given[name]
            elif name in named:
                value = named[name]
            elif default:
                value = default[0].make() if isinstance(default[0], _Factory) else default[0]
            else:
                raise TypeError(f"{cls.__qualname__} misses {name}")
            object.__setattr__(self, name, value)

    def _compiled_init(cls):
        known = {}
        parameters, lines = ["self"], []
        for name, default in cls.__fields__.items():
            known[f"set_{name}"] = getattr(cls, name).__set__
            value, parameter = name, name
            if default and isinstance(default[0], _Factory):
                known[f"make_{name}"] = default[0].make
                value, parameter = f"make_{name}() if {name} is missing else {name}", f"{name}=missing"
            elif default:
                known[f"default_{name}"] = default[0]
                parameter = f"{name}=default_{name}"
            parameters.append(parameter)
            lines.append(f" set_{name}(self, {value})")
        known["missing"] = _Factory
        text = f"def __init__({', '.join(parameters)}):\n" + "\n".join(lines or [" pass"])
        exec(compile(text, f"<{cls.__qualname__}>", "exec"), known)
        return known["__init__"]

    def _refuse(self, name, *value):
        raise FrozenInstanceError(f"cannot assign to field {name!r}")

    def _reduce(self):
        return self.__class__, tuple(getattr(self, name) for name in self.__fields__)

    def _repr(self):
        fields = ", ".join(f"{name}={getattr(self, name)!r}" for name in self.__fields__)
        return f"{self.__class__.__qualname__}({fields})"


__all__ = ["dataclass", "field", "replace"]
