"""A provider that plans whatever it is given, so that `terraform plan` runs without AWS, an account or a download.

It speaks Terraform's plugin protocol 5 over a unix socket (TF_REATTACH_PROVIDERS). Its schemas are inferred from the
configuration: an argument that is written is optional and of any type; an attribute that is referred to is computed.
What is computed and not set is unknown in the plan, all else is as configured. Needs grpcio and msgpack (the
dependency group `oracle`).
"""

from __future__ import annotations

import json
import os
import re
import tempfile
from collections.abc import Iterable, Iterator, Mapping
from concurrent import futures
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from dblint.sources.terraform.syntax.text import Block, Body

# What every resource has, and is a text.
_TEXTS = frozenset(("arn", "id", "name"))
_META = frozenset(("count", "for_each", "provider", "providers", "depends_on"))
_META_BLOCKS = frozenset(("lifecycle", "provisioner", "connection"))
# data.kind.name[key].attribute[key].attribute
_KEYS = r"(?:\[[^\]]*\]|\.\*)*"
_WORDS = re.compile(rf"\b(data\.)?(\w+_\w+)\.[\w-]+{_KEYS}\.(\w+)(?:{_KEYS}\.(\w+))?")
_LIST, _STRING, _ANY = 2, b'"string"', b'"dynamic"'


@dataclass
class Shape:
    """What is known of a type of block: its arguments, its nested blocks, and what is read of it and not written."""

    arguments: set[str] = field(default_factory=set)
    computed: set[str] = field(default_factory=set)
    write_only: set[str] = field(default_factory=set)
    blocks: dict[str, Shape] = field(default_factory=dict)

    def learn(self, body: Body) -> None:
        """Takes in what a block writes."""
        self.arguments.update(body.arguments.keys() - _META)
        for block in body.blocks:
            inner, name = _content(block)
            if name not in _META_BLOCKS and inner is not None:
                self.blocks.setdefault(name, Shape()).learn(inner)
        self.write_only.update(name for name in self.arguments if name.endswith("_wo"))


def _content(block: Block) -> tuple[Body | None, str]:
    if block.type != "dynamic":
        return block.body, block.type
    contents = [inner.body for inner in block.body.blocks if inner.type == "content"]
    return (contents[0] if contents else None), block.labels[0]


@dataclass
class Schemas:
    """The shapes of the resources and data sources of one provider, by type, and of its own block."""

    provider: Shape = field(default_factory=Shape)
    resources: dict[str, Shape] = field(default_factory=dict)
    data: dict[str, Shape] = field(default_factory=dict)


def inferred(bodies: Iterable[Body], texts: Iterable[str]) -> dict[str, Schemas]:
    """The schemas of all providers that files speak of, by their local names."""
    found: dict[str, Schemas] = {}
    for body in bodies:
        for block in body.blocks:
            _learn(found, block)
    every = list(texts)
    for data, kind, name, inner in _WORDS.findall("\n".join(every)):
        schemas = found.get(kind.partition("_")[0], Schemas())
        shapes = schemas.data if data else schemas.resources
        if kind in shapes and name in shapes[kind].blocks:
            shapes[kind].blocks[name].computed.update([inner] if inner else ())
        elif kind in shapes:
            shapes[kind].computed.add(name)
    named = set(re.findall(r"\.(\w+)", "\n".join(every)))
    for schemas in found.values():
        for shape in schemas.data.values():
            shape.computed |= named - shape.blocks.keys()
    return found


def _learn(found: dict[str, Schemas], block: Block) -> None:
    if block.type == "provider":
        found.setdefault(block.labels[0], Schemas()).provider.learn(block.body)
    for inner in block.body.blocks if block.type == "terraform" else ():
        for name in inner.body.arguments if inner.type == "required_providers" else ():
            found.setdefault(name, Schemas())
    _learn_resource(found, block)


def _learn_resource(found: dict[str, Schemas], block: Block) -> None:
    if block.type in ("resource", "data") and block.labels[0] not in ("terraform_data", "terraform_remote_state"):
        schemas = _of(found, block.labels[0])
        shapes = schemas.resources if block.type == "resource" else schemas.data
        shape = shapes.setdefault(block.labels[0], Shape(computed=set(_TEXTS)))
        shape.learn(block.body)
        for inner in block.body.blocks:
            ignored = inner.body.arguments.get("ignore_changes") if inner.type == "lifecycle" else None
            if ignored is not None:
                text, start, end = ignored.value_place
                shape.computed.update(
                    set(re.findall(r"\b[a-z_]\w*", text.text[start:end])) - shape.blocks.keys() - {"all"}
                )


def _of(found: dict[str, Schemas], kind: str) -> Schemas:
    return found.setdefault(kind.partition("_")[0], Schemas())


# ---- the wire: protocol buffers as far as they are needed ---------------------------------------------------------


def _varint(number: int) -> bytes:
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: bytes | str | int) -> bytes:
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value) if value else b""
    content = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _fields(message: bytes) -> dict[int, bytes]:
    """The last value of each field that holds bytes."""
    found: dict[int, bytes] = {}
    position = 0
    while position < len(message):
        tag, position = _read(message, position)
        size, position = _read(message, position)
        if tag & 7 == 2:
            found[tag >> 3] = message[position : position + size]
            position += size
    return found


def _read(message: bytes, position: int) -> tuple[int, int]:
    number = shift = 0
    while True:
        byte = message[position]
        number |= (byte & 127) << shift
        position, shift = position + 1, shift + 7
        if byte < 128:
            return number, position


def _block(shape: Shape, is_data: bool = False, top: bool = True) -> bytes:
    names = sorted(shape.arguments | shape.computed)
    attributes = [
        _field(1, name)
        + _field(2, _STRING if _is_text(name, shape, is_data and not top) else _ANY)
        + _field(5, int(name in shape.arguments or not top))
        + _field(6, int(name in shape.computed))
        + _field(10, int(name in shape.write_only))
        for name in names
        if name not in shape.blocks
    ]
    blocks = [
        _field(1, name) + _field(2, _block(inner, is_data, top=False)) + _field(3, _LIST)
        for name, inner in sorted(shape.blocks.items())
    ]
    return b"".join(_field(2, a) for a in attributes) + b"".join(_field(3, b) for b in blocks)


def _is_text(name: str, shape: Shape, must: bool) -> bool:
    return must or (name in _TEXTS and name in shape.computed)


def _schema(schemas: Schemas) -> bytes:
    out = _field(1, _field(2, _block(schemas.provider)))
    for number, shapes in ((2, schemas.resources), (3, schemas.data)):
        for kind, shape in sorted(shapes.items()):
            schema = _field(2, _block(shape, is_data=number == 3))
            out += _field(number, _field(1, kind) + _field(2, schema))
    return out


# ---- the calls ----------------------------------------------------------------------------------------------------


class Provider:
    """Answers the calls of one provider, bytes to bytes."""

    def __init__(self, schemas: Schemas) -> None:
        self.schemas = schemas

    def answer(self, method: str, request: bytes) -> bytes:
        given = _fields(request)
        if method == "GetSchema":
            return _schema(self.schemas)
        if method == "PrepareProviderConfig":
            return _field(1, given.get(1, b""))
        if method == "PlanResourceChange":
            return _field(1, self._planned(given))
        if method in ("ReadResource", "ReadDataSource"):
            return _field(1, given.get(2, b""))
        return b""

    def _planned(self, given: Mapping[int, bytes]) -> bytes:
        """The proposed state, with what is computed and not set unknown."""
        import msgpack

        shape = self.schemas.resources[given[1].decode()]
        proposed = msgpack.unpackb(_fields(given[3])[1], raw=False, strict_map_key=False)
        if proposed is None:
            return given[3]
        for name, value in proposed.items():
            if name in shape.write_only:
                proposed[name] = None
            elif value is None and name in shape.computed:
                proposed[name] = msgpack.ExtType(0, b"\0")
        return _field(1, msgpack.packb(proposed, use_bin_type=True))


@contextmanager
def serving(schemas: Mapping[str, Schemas], sources: Mapping[str, str]) -> Iterator[str]:
    """Serves providers until the context ends; gives the value of TF_REATTACH_PROVIDERS. `sources`: local name -> full
    address."""
    import grpc

    servers, reattach = [], {}
    with tempfile.TemporaryDirectory() as folder:
        for name, own in schemas.items():
            server = grpc.server(futures.ThreadPoolExecutor(8))
            server.add_generic_rpc_handlers((_Handler(Provider(own)),))
            socket = f"{folder}/{name}"
            server.add_insecure_port(f"unix:{socket}")
            server.start()
            servers.append(server)
            reattach[sources.get(name, f"registry.terraform.io/hashicorp/{name}")] = {
                "Protocol": "grpc",
                "ProtocolVersion": 5,
                "Pid": os.getpid(),
                "Test": True,
                "Addr": {"Network": "unix", "String": socket},
            }
        try:
            yield json.dumps(reattach)
        finally:
            for server in servers:
                server.stop(None)


def _Handler(provider: Provider) -> Any:
    import grpc

    class Handler(grpc.GenericRpcHandler):
        def service(self, details: Any) -> Any:
            method = details.method.rpartition("/")[2]
            if method in ("GetMetadata", "GetFunctions"):
                return None
            return grpc.unary_unary_rpc_method_handler(lambda request, context: provider.answer(method, request))

    return Handler()


_SOURCE = re.compile(r'(\w+)\s*=\s*\{[^{}]*?source\s*=\s*"([\w./-]+)"')


def sources(folder: Path) -> dict[str, str]:
    """The full addresses of providers, by their local names."""
    found = {}
    for path in folder.rglob("*.tf"):
        for name, source in _SOURCE.findall(path.read_text(encoding="utf-8")):
            if source.count("/") == 1:
                found[name] = f"registry.terraform.io/{source}"
    return found


def read(folder: Path) -> dict[str, Schemas]:
    """The schemas for all files below a folder."""
    from dblint.sources.terraform.syntax.text import Text, body_of

    texts = [path.read_text(encoding="utf-8") for path in sorted(folder.rglob("*.tf"))]
    return inferred([body_of(Text("", text, lambda problem: None), nested=False) for text in texts], texts)
