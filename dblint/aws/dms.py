"""AWS Database Migration Service (DMS): replication instances, endpoints, tasks and migration projects."""

from __future__ import annotations

from collections.abc import Iterator

from dblint.aws.common import CLOUDFORMATION, in_lower_case
from dblint.aws.documents import document_at
from dblint.defaults import PerSource
from dblint.model import Unknown
from dblint.properties import Secret, prop
from dblint.reading import undetermined
from dblint.view import Part, View, many, one, part, view_of

_API = "https://docs.aws.amazon.com/dms/latest/APIReference/"

# Engines with an SSL mode: https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Security.SSL.html. A Redshift endpoint
# "already uses an SSL connection"; S3, Kinesis, DynamoDB and the like are reached through AWS's own endpoints.
_WITH_SSL_MODE = (
    "aurora",
    "aurora-postgresql",
    "aurora-postgresql-serverless",
    "aurora-serverless",
    "db2",
    "mariadb",
    "mongodb",
    "mysql",
    "oracle",
    "postgres",
    "sqlserver",
    "sybase",
)

# Relational engines by what their schemas have in common: within a family tables, indexes and procedures can be copied
# by the engine's own tools; between families they have to be converted.
_FAMILIES = {
    "aurora": "MySQL",
    "aurora-serverless": "MySQL",
    "gcp-mysql": "MySQL",
    "mariadb": "MySQL",
    "mysql": "MySQL",
    "aurora-postgresql": "PostgreSQL",
    "aurora-postgresql-serverless": "PostgreSQL",
    "postgres": "PostgreSQL",
    "oracle": "Oracle",
    "azure-sql-managed-instance": "SQL Server",
    "azuredb": "SQL Server",
    "babelfish": "SQL Server",
    "sqlserver": "SQL Server",
    "db2": "Db2",
    "db2-zos": "Db2",
    "sybase": "SAP ASE",
    "redshift": "Redshift",
    "redshift-serverless": "Redshift",
}

# What a task leaves of the tables that it finds:
# https://docs.aws.amazon.com/dms/latest/userguide/CHAP_Tasks.CustomizingTasks.TaskSettings.FullLoad.html
_KEEPS_TABLES = ("DO_NOTHING", "TRUNCATE_BEFORE_LOAD")


def _engine(endpoint: Endpoint) -> str | None:
    """Terraform has a type of its own for endpoints in S3, which names no engine."""
    return "s3" if endpoint.resource.kind == "aws_dms_s3_endpoint" else None


class ReplicationInstance(
    View,
    cloudformation="AWS::DMS::ReplicationInstance",
    terraform="aws_dms_replication_instance",
    identity="ReplicationInstanceIdentifier",
    reference=CLOUDFORMATION + "aws-resource-dms-replicationinstance.html",
):
    """The machine that tasks run on."""

    MultiAZ: bool = prop("multi_az", default=False)
    PubliclyAccessible: bool = prop(
        "publicly_accessible",
        default=PerSource(cloudformation=True, terraform=False),
        replaces=True,
        reference=_API + "API_CreateReplicationInstance.html",
    )
    ReplicationInstanceIdentifier: str | None = prop("replication_instance_id")

    tasks: tuple[ReplicationTask, ...] = many("AWS::DMS::ReplicationTask", by="instance")

    @property
    def follows_changes(self) -> bool:
        """Whether a task on it goes on replicating, so that its source is being read all the time."""
        return any(task.follows_changes for task in self.tasks)


class MongoDbSettings(Part):
    Password: Secret = prop()


class GcpMySQLSettings(Part):
    Password: Secret = prop()


class MicrosoftSqlServerSettings(Part):
    Password: Secret = prop()


class OracleSettings(Part):
    AsmPassword: Secret = prop()


class KafkaSettings(Part):
    SaslPassword: Secret = prop("sasl_password")
    SslClientKeyPassword: Secret = prop("ssl_client_key_password")


class RedisSettings(Part):
    AuthPassword: Secret = prop("auth_password")
    SslSecurityProtocol: str = prop("ssl_security_protocol", default="ssl-encryption")


class Endpoint(
    View,
    cloudformation="AWS::DMS::Endpoint",
    terraform=("aws_dms_endpoint", "aws_dms_s3_endpoint"),
    identity="EndpointIdentifier",
    reference=CLOUDFORMATION + "aws-resource-dms-endpoint.html",
):
    """A database, or another store, that tasks read from or write to."""

    EndpointIdentifier: str | None = prop("endpoint_id")
    EngineName: str | None = prop("engine_name", default=_engine, reference=_API + "API_CreateEndpoint.html")
    GcpMySQLSettings: GcpMySQLSettings = part(GcpMySQLSettings)
    KafkaSettings: KafkaSettings = part(KafkaSettings, "kafka_settings")
    MicrosoftSqlServerSettings: MicrosoftSqlServerSettings = part(MicrosoftSqlServerSettings)
    MongoDbSettings: MongoDbSettings = part(MongoDbSettings)
    OracleSettings: OracleSettings = part(OracleSettings)
    Password: Secret = prop("password")
    RedisSettings: RedisSettings = part(RedisSettings, "redis_settings")
    SslMode: str = prop("ssl_mode", default="none")

    @property
    def engine(self) -> str | None:
        return in_lower_case(self.EngineName)

    @property
    def readable_secret(self) -> bool:
        """Whether one of its passwords stands in the code."""
        return any(secret.readable for secret in self._secrets())

    def _secrets(self) -> Iterator[Secret]:
        yield self.Password
        yield self.GcpMySQLSettings.Password
        yield self.KafkaSettings.SaslPassword
        yield self.KafkaSettings.SslClientKeyPassword
        yield self.MicrosoftSqlServerSettings.Password
        yield self.MongoDbSettings.Password
        yield self.OracleSettings.AsmPassword
        yield self.RedisSettings.AuthPassword

    @property
    def in_clear_text(self) -> bool:
        """Whether it talks to the database without encryption."""
        if self.engine == "redis":
            return self.RedisSettings.SslSecurityProtocol == "plaintext"
        return any(self.engine == engine for engine in _WITH_SSL_MODE) and self.SslMode == "none"

    @property
    def family(self) -> str | None:
        """The family of its engine; None for what has no relational schema."""
        engine = self.raw("EngineName")
        if isinstance(engine, Unknown):
            undetermined(engine.because)
        return next((family for engine, family in _FAMILIES.items() if self.engine == engine), None)


class ReplicationTask(
    View,
    cloudformation="AWS::DMS::ReplicationTask",
    terraform="aws_dms_replication_task",
    identity="ReplicationTaskIdentifier",
    reference=CLOUDFORMATION + "aws-resource-dms-replicationtask.html",
):
    MigrationType: str = prop("migration_type", replaces=True)
    ReplicationInstanceArn: str = prop("replication_instance_arn", replaces=True)
    ReplicationTaskIdentifier: str | None = prop("replication_task_id")
    ReplicationTaskSettings: str | None = prop("replication_task_settings")
    SourceEndpointArn: str = prop("source_endpoint_arn", replaces=True)
    TargetEndpointArn: str = prop("target_endpoint_arn", replaces=True)

    instance: ReplicationInstance | None = one("AWS::DMS::ReplicationInstance", by="ReplicationInstanceArn")
    source: Endpoint | None = one("AWS::DMS::Endpoint", by="SourceEndpointArn")
    target: Endpoint | None = one("AWS::DMS::Endpoint", by="TargetEndpointArn")

    @property
    def follows_changes(self) -> bool:
        """Whether it goes on replicating after the first load."""
        return self.MigrationType != "full-load"

    @property
    def between_families(self) -> bool:
        """Whether its source and its target are relational databases of different families."""
        source = self.source.family if self.source else None
        target = self.target.family if self.target else None
        return source is not None and target is not None and source != target

    @property
    def makes_tables(self) -> bool:
        """Whether it may make the tables of its target. One that only follows changes, or that is told what to do with
        the tables that it finds, comes after somebody who made them."""
        if self.MigrationType == "cdc":
            return False
        mode = document_at(self, "ReplicationTaskSettings", "FullLoadSettings", "TargetTablePrepMode")
        return mode not in _KEEPS_TABLES

    @property
    def schema_is_converted(self) -> bool:
        """Whether the deployment has a project of DMS Schema Conversion. A project names databases and no task, so
        that any one will do."""
        resources = self.graph.deployment.resources
        projects = (
            view_of(r, self.reading, self.graph) for r in resources if r.type == MigrationProject.cloudformation
        )
        return any(
            self.reading.resolve(project.resource.exists) is not False
            and project.has("SchemaConversionApplicationAttributes")
            for project in projects
        )


class SchemaConversion(Part):
    S3BucketPath: str | None = prop()


class MigrationProject(
    View,
    cloudformation="AWS::DMS::MigrationProject",
    identity="MigrationProjectIdentifier",
    reference=CLOUDFORMATION + "aws-resource-dms-migrationproject.html",
    supporting=True,
):
    """A project of DMS Schema Conversion, where it says how to convert. Terraform's provider has no such type."""

    MigrationProjectIdentifier: str | None = prop()
    SchemaConversionApplicationAttributes: SchemaConversion = part(SchemaConversion)
