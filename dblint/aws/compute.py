"""What connects to databases: Lambda functions and the containers of Amazon ECS."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.aws.common import CLOUDFORMATION, SecurityGroup, admits_port, is_password
from dblint.environment import words
from dblint.model import Path, Ref, Unknown, Value
from dblint.patterns import pattern
from dblint.properties import Entries, Secret, prop
from dblint.reading import Read, known
from dblint.view import Part, Seen, View, mentioned_by, mentions, part, parts, several, view_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Attributes that are addresses to connect to, in the words of Terraform and of CloudFormation.
_ENDPOINTS = ("address", "endpoint", "reader_endpoint", "Endpoint.Address", "ReadEndpoint.Address")
_DATABASES = ("AWS::RDS::DBInstance", "AWS::RDS::DBCluster")

# Words of the name of a variable that holds the password of a database, and of one that only leads to it.
_OF_DATABASE = {
    "aurora",
    "database",
    "db",
    "mariadb",
    "mysql",
    "pg",
    "postgres",
    "postgresql",
    "rds",
    "redshift",
    "sql",
}
_PASSWORD = {"pass", "passwd", "password", "pwd"}
_LEADS_THERE = {"arn", "file", "id", "key", "name", "param", "parameter", "path", "secret", "ssm"}
# The address of a database with a user and a password, and what stands for a password that is put in elsewhere.
_LOGIN = pattern(
    r"(?i)\b(?:aurora|mariadb|mongodb|mssql|mysql2?|postgres|postgresql|redis|rediss|redshift|sqlserver)(?:\+\w+)?://"
    r"(?:[^/@\s:]*:[^/@\s]+@|[^\s]*[?&;]password=[^&;\s]+)"
)
_PLACEHOLDER = pattern(r"[<>{}$%*]")
_OF_SHELL = pattern(r"\$\{\w+\}")
# Attributes of Terraform by which the text of a secret gets out.
_TEXTS = ("secret_string", "secret_binary")


class Variables(Part):
    """The environment of a function."""

    Variables: Entries = prop("variables")


class Network(Part):
    SecurityGroupIds: tuple[str, ...] = prop("security_group_ids", default=())

    security_groups: tuple[SecurityGroup, ...] = several("AWS::EC2::SecurityGroup", by="SecurityGroupIds")


class Function(
    View,
    cloudformation="AWS::Lambda::Function",
    terraform="aws_lambda_function",
    identity="FunctionName",
    reference=CLOUDFORMATION + "aws-resource-lambda-function.html",
    supporting=True,
):
    Environment: Variables = part(Variables, "environment")
    FunctionName: str | None = prop("function_name", replaces=True)
    ReservedConcurrentExecutions: int | None = prop("reserved_concurrent_executions")
    VpcConfig: Network = part(Network, "vpc_config")

    named_databases: tuple[Any, ...] = mentions(*_DATABASES, by="Environment", attributes=_ENDPOINTS)
    rotates: tuple[View, ...] = mentioned_by("AWS::SecretsManager::RotationSchedule", by="functions")

    @property
    def databases(self) -> Iterator[Any]:
        """The RDS and Aurora databases that it connects to: those whose address it is given, and those that let its
        security group in. What changes passwords is no client."""
        yield from self.named_databases
        if not self.rotates:
            yield from self._admitting()

    def _admitting(self) -> Iterator[Any]:
        ours = known(self.VpcConfig.security_groups)
        for resource in self.graph.deployment.resources if ours else ():
            if resource.type == SecurityGroup.cloudformation and self.reading.resolve(resource.exists) is not False:
                theirs: Any = view_of(resource, self.reading, self.graph)
                admissions = [] if theirs in ours else theirs.admissions(ours)
                guarded = known(theirs.databases) if admissions else ()
                yield from (
                    db
                    for db in guarded
                    if db.resource.type in _DATABASES and any(admits_port(one, db) for one in admissions)
                )

    def runs_at_most(self, times: int) -> bool:
        """Whether so few of it run at once that they need no pool. In Terraform, -1 sets no limit."""
        limit = self.ReservedConcurrentExecutions
        return limit is not None and 0 <= limit <= times

    @property
    def holds_password(self) -> bool:
        """Whether an environment variable holds the password of a database."""
        values = self.Environment.raw("Variables")
        named = values.items() if isinstance(values, dict) else ()
        return any(_is_password(self, ("Environment", "Variables", name), name, value) for name, value in named)


class KeyValuePair(Part):
    Name: str | None = prop()
    Value: str | None = prop()


class Container(Part):
    Environment: tuple[KeyValuePair, ...] = parts(KeyValuePair)


class TaskDefinition(
    View,
    cloudformation="AWS::ECS::TaskDefinition",
    terraform="aws_ecs_task_definition",
    identity="Family",
    reference=CLOUDFORMATION + "aws-resource-ecs-taskdefinition.html",
    supporting=True,
):
    """The containers of a task. Terraform holds them in a JSON document."""

    ContainerDefinitions: tuple[Container, ...] = parts(Container, replaces=True)
    ContainerDocument: str | None = prop("container_definitions", in_schema=False)
    Family: str | None = prop("family", replaces=True)

    @property
    def holds_password(self) -> bool:
        """Whether an environment variable of a container holds the password of a database."""
        document = self.values.get("ContainerDocument") if not isinstance(self.values, Unknown) else None
        if document is not None:
            return _document_holds_password(self, self.reading.settle(document))
        return any(
            _is_password(self, pair.path, pair.raw("Name"), pair.values.get("Value"))
            for container in self.ContainerDefinitions
            for pair in container.Environment
            if not isinstance(pair.values, Unknown)
        )


def _document_holds_password(task: TaskDefinition, document: Value) -> bool:
    path = ("ContainerDocument",)
    text = task.reading.resolve(document)
    if not isinstance(text, str) and _found(task, path, is_password(document, task)):
        return True
    return any(_is_password(task, path, name, value) for name, value in _variables_in(_containers(text), task))


def _containers(text: Value) -> Value:
    """What the document of a task says, as far as that is known."""
    import json

    if isinstance(text, Unknown):
        return text.inner.data if text.inner else None
    try:
        return json.loads(text) if isinstance(text, str) else None
    except (ValueError, RecursionError):
        return None


def _variables_in(containers: Value, seen: Seen) -> Iterator[tuple[str, Value]]:
    """The environment variables of all containers."""
    for container in _objects(containers, seen):
        for pair in _objects(container.get("environment"), seen):
            name = seen.reading.resolve(pair.get("name"))
            if isinstance(name, str):
                yield name, pair.get("value")


def _objects(value: Value, seen: Seen) -> Iterator[dict[str, Value]]:
    listed = seen.reading.resolve(value)
    items = map(seen.reading.resolve, listed) if isinstance(listed, list) else ()
    return (item for item in items if isinstance(item, dict))


def _is_password(seen: Seen, path: Path, name: Value, value: Value) -> bool:
    """Whether a variable holds the password of a database: the same as one does, the text of a secret under a name
    that speaks of a database, or anything that its name calls the password of one."""
    settled = seen.reading.settle(value)
    bare = seen.reading.resolve(settled)
    called = set(words(name)) if isinstance(name, str) else set()
    of_database = bool(called & _OF_DATABASE) or any(word.startswith("pg") for word in called)
    return _found(
        seen,
        path,
        is_password(settled, seen)
        or (of_database and _is_text_of_secret(settled, bare))
        or (of_database and _is_called_password(called) and _is_given(settled, bare))
        or _is_login(bare),
    )


def _is_text_of_secret(settled: Value, bare: Value) -> bool:
    if isinstance(bare, Unknown) and bare.vaulted:
        return True
    return isinstance(settled, Ref) and settled.attribute.endswith(_TEXTS)


def _is_called_password(called: set[str]) -> bool:
    return not called & _LEADS_THERE and (bool(called & _PASSWORD) or "pgpassword" in called)


def _is_login(bare: Value) -> bool:
    """Whether a text is the address of a database with a password in it. Both sources keep the pieces of a text that
    is not known as a whole in its key."""
    if isinstance(bare, str):
        text, placeholder = bare, _PLACEHOLDER
    elif isinstance(bare, Unknown) and bare.variable is not None:
        text, placeholder = bare.variable.key, _OF_SHELL
    else:
        return False
    found = _LOGIN.search(text)
    return found is not None and not placeholder.search(found[0])


def _is_given(settled: Value, bare: Value) -> bool:
    """Whether something stands there that is no address of a secret: a text, or what a parameter or variable
    holds."""
    if isinstance(bare, str):
        return bare != "" and not bare.startswith(("arn:", "/"))
    return isinstance(bare, Unknown) and not isinstance(settled, Ref)


def _found(seen: Seen, path: Path, holds: bool) -> bool:
    """Records where a password was found, and never what it is."""
    if holds:
        seen.reading.reads.append(Read(seen.resource, path, Secret(readable=True, is_set=True), "known"))
    return holds
