"""A document as a template: its sections and its parameters."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from dblint.environment import words
from dblint.records import dataclass, field
from dblint.sources.cloudformation.nodes import MAP, Node, function_of
from dblint.sources.cloudformation.values import text

LANGUAGE_EXTENSIONS = "AWS::LanguageExtensions"
SERVERLESS = "AWS::Serverless-2016-10-31"
INCLUDE = "AWS::Include"
_SECRETS = frozenset(("passphrase", "passwd", "password", "pwd", "token"))
_KNOWN_TRANSFORMS = (LANGUAGE_EXTENSIONS, SERVERLESS, INCLUDE)


@dataclass(frozen=True, slots=True, eq=False)
class Declaration:
    """A parameter as a template declares it.

    `default` and `allowed` are texts, as CloudFormation treats all values of parameters; `default` is None where
    there is none. `key` and `body` are where it stands.
    """

    name: str
    key: Node
    body: Node
    type: str = "String"
    default: str | None = None
    allowed: tuple[str, ...] = ()
    no_echo: bool = False

    @property
    def is_list(self) -> bool:
        """Whether its value is a list of texts, separated by commas."""
        return self.type == "CommaDelimitedList" or self.type.startswith("List<") or "<List<" in self.type

    @property
    def secret(self) -> bool:
        """Whether its values are not to be shown: it says so, or it is called a password."""
        return self.no_echo or not _SECRETS.isdisjoint(words(self.name))

    @property
    def from_store(self) -> bool:
        """Whether what is given is the name of an SSM parameter that holds the value."""
        return self.type.startswith("AWS::SSM::Parameter::Value<")


@dataclass(frozen=True, slots=True, eq=False)
class Template:
    """One template. `path` is relative to the project; `root` the mapping with its sections; `framework` what of the
    Serverless Framework's file stands around it, else None."""

    path: str
    root: Node
    framework: Node | None = None
    parameters: dict[str, Declaration] = field(default_factory=dict)

    def section(self, name: str) -> Iterator[tuple[str, Node, Node]]:
        """Name, key and body of what stands in a section."""
        body = self.root.get(name)
        return body.entries() if body else iter(())

    def transforms(self) -> list[str]:
        """The macros that it names, ours and others; those that are called with parameters by their name."""
        written = self.root.get("Transform")
        nodes = [] if written is None else written.items() or [written]
        names = [node.text or getattr(node.get("Name"), "text", None) for node in nodes]
        return [name for name in names if name]

    def foreign_macros(self) -> list[str]:
        """Macros that may turn it into anything."""
        return [name for name in self.transforms() if name not in _KNOWN_TRANSFORMS]


def template_of(path: str, document: Node) -> Template | None:
    """The document as a template, or None where it is something else."""
    if _has_resources(document):
        return Template(path, document, parameters=_parameters(document))
    inner = _framework_resources(document)
    if inner:
        return Template(path, inner, document, _parameters(inner))
    return None


def _framework_resources(document: Node) -> Node | None:
    """The template inside of a file of the Serverless Framework: `resources`, or the first of them that is one."""
    if not (document.get("service") and document.get("provider")):
        return None
    resources = document.get("resources")
    candidates = [] if resources is None else resources.items() or [resources]
    return next((node for node in candidates if _has_resources(node)), None)


def _has_resources(document: Node) -> bool:
    """A template has a mapping `Resources` in which something has the type of a resource. (Real ones lack the
    version.)"""
    resources = document.get("Resources")
    return resources is not None and any(_has_type(node) for _, _, node in resources.entries())


def _has_type(node: Node) -> bool:
    for item in [node, *node.items()]:
        kind = item.get("Type")
        if kind and kind.text and (kind.text.startswith(("AWS::", "Alexa::", "Custom::")) or "::MODULE" in kind.text):
            return True
        if node.items() and any(_has_type(inner) for _, _, inner in item.entries()):
            return True
    return False


def declares(template: Template, types: Collection[str]) -> bool:
    """Whether a template declares a resource of one of the types, in loops too."""
    section = template.root.get("Resources")
    nodes = [section] if section else []
    while nodes:
        for _, _, body in nodes.pop().entries():
            kind = body.get("Type")
            if kind and kind.text in types:
                return True
            nodes += body.items()[2:3]
    return False


def _parameters(root: Node) -> dict[str, Declaration]:
    section = root.get("Parameters")
    entries = section.entries() if section else iter(())
    return {name: _declaration(name, key, body) for name, key, body in entries}


def _declaration(name: str, key: Node, body: Node) -> Declaration:
    type = body.get("Type")
    no_echo = body.get("NoEcho")
    return Declaration(
        name,
        key,
        body,
        type=(type.text if type else None) or "String",
        default=scalar_text(body.get("Default")),
        allowed=tuple(found for item in _allowed(body) if (found := scalar_text(item)) is not None),
        no_echo=no_echo is not None and text(no_echo.value if not no_echo.items() else "").lower() == "true",
    )


def _allowed(body: Node) -> list[Node]:
    allowed = body.get("AllowedValues")
    return allowed.items() if allowed else []


def scalar_text(node: Node | None) -> str | None:
    """A scalar as CloudFormation takes it for a parameter; a list is joined by commas; None for anything else."""
    if node is None or function_of(node) or node.kind == MAP:
        return None
    if node.items():
        return ",".join(text(item.value) for item in node.items() if not isinstance(item.value, (list, dict)))
    return None if node.value is None or isinstance(node.value, list) else text(node.value)
