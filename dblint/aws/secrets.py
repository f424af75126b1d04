"""AWS Secrets Manager: secrets, what they open, and when they are changed."""

from __future__ import annotations

import re

from dblint.aws.common import CLOUDFORMATION, is_password, one_of
from dblint.properties import prop
from dblint.reading import together
from dblint.view import Part, View, many, mentioned_by, mentions, one, part

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any

# Kinds of databases that a secret can be attached to: "Automatic rotation for database secrets" in the Secrets Manager
# User Guide.
DATABASES = (
    "AWS::RDS::DBInstance",
    "AWS::RDS::DBCluster",
    "AWS::Redshift::Cluster",
    "AWS::DocDB::DBInstance",
    "AWS::DocDB::DBCluster",
)


class Generated(Part):
    SecretStringTemplate: str | None = prop()


class Secret(
    View,
    cloudformation="AWS::SecretsManager::Secret",
    terraform="aws_secretsmanager_secret",
    identity="Name",
    reference=CLOUDFORMATION + "aws-resource-secretsmanager-secret.html",
    supporting=True,
):
    GenerateSecretString: Generated = part(Generated)
    Name: str | None = prop("name", replaces=True)
    RotationLambdaARN: str | None = prop("rotation_lambda_arn", in_schema=False)

    attachments: tuple[SecretTargetAttachment, ...] = many("AWS::SecretsManager::SecretTargetAttachment", by="secret")
    clusters: tuple[View, ...] = mentioned_by("AWS::RDS::DBCluster", by="secrets")
    instances: tuple[View, ...] = mentioned_by("AWS::RDS::DBInstance", by="secrets")
    own_schedules: tuple[RotationSchedule, ...] = many("AWS::SecretsManager::RotationSchedule", by="secret")
    proxies: tuple[View, ...] = mentioned_by("AWS::RDS::DBProxy", by="secrets")
    versions: tuple[SecretVersion, ...] = many("AWS::SecretsManager::SecretVersion", by="secret")

    @property
    def of_database(self) -> bool:
        """Whether it opens a database of what was scanned."""
        if self.clusters or self.instances or self.proxies or self.attachments:
            return True
        return any(version.of_database for version in self.versions)

    @property
    def tells_host(self) -> bool:
        """Whether it is written with the address of its database."""
        template = self.GenerateSecretString.SecretStringTemplate
        return template is not None and '"host"' in str(template)

    @property
    def schedules(self) -> tuple[RotationSchedule, ...]:
        """When it is changed; a schedule may name its attachment instead of itself."""
        return together(self.own_schedules, *(attachment.schedules for attachment in self.attachments))

    def rotated_within(self, days: int) -> bool:
        """Whether something changes it at least that often."""
        if self.RotationLambdaARN is not None:
            return True
        return any(schedule.RotationRules.within(days) for schedule in self.schedules)


class SecretVersion(
    View,
    cloudformation="AWS::SecretsManager::SecretVersion",
    terraform="aws_secretsmanager_secret_version",
    reference="https://registry.terraform.io/providers/hashicorp/aws/latest/docs/resources/secretsmanager_secret_version",
    supporting=True,
    in_schema=False,
):
    """What a secret holds, which Terraform declares beside it."""

    SecretId: str | None = prop("secret_id", in_schema=False)
    SecretString: str | None = prop("secret_string", in_schema=False)

    databases: tuple[View, ...] = mentions(*DATABASES, by="SecretString")
    secret: Secret | None = one("AWS::SecretsManager::Secret", by="SecretId")

    @property
    def of_database(self) -> bool:
        """Whether it holds the address or the password of a database."""
        return bool(self.databases) or is_password(self.values.get("SecretString"), self)  # type: ignore[union-attr]


class Rules(Part):
    AutomaticallyAfterDays: int | None = prop("automatically_after_days")
    ScheduleExpression: str | None = prop("schedule_expression")

    def within(self, days: int) -> bool:
        """Whether they rotate at least every so many days. A cron expression is taken for often enough."""
        if self.AutomaticallyAfterDays is not None:
            return self.AutomaticallyAfterDays <= days
        if self.ScheduleExpression is None:
            return True
        rate = re.fullmatch(r"rate\((\d+) days?\)", str(self.ScheduleExpression))
        return rate is None or int(rate[1]) <= days


class HostedRotation(Part):
    RotationType: str | None = prop()


class RotationSchedule(
    View,
    cloudformation="AWS::SecretsManager::RotationSchedule",
    terraform="aws_secretsmanager_secret_rotation",
    reference=CLOUDFORMATION + "aws-resource-secretsmanager-rotationschedule.html",
    supporting=True,
):
    HostedRotationLambda: HostedRotation = part(HostedRotation)
    RotationLambdaARN: str | None = prop("rotation_lambda_arn")
    RotationRules: Rules = part(Rules, "rotation_rules")
    SecretId: str | None = prop("secret_id", replaces=True)

    attachment: SecretTargetAttachment | None = one("AWS::SecretsManager::SecretTargetAttachment", by="SecretId")
    functions: tuple[View, ...] = mentions("AWS::Lambda::Function", by="RotationLambdaARN")
    secret: Secret | None = one("AWS::SecretsManager::Secret", by="SecretId")

    @property
    def attached(self) -> bool:
        """Whether its secret says which database it opens, or may do without: of a secret that opens no database, and
        of one that holds an address of its own, nothing is asked. Terraform attaches no secrets."""
        if self.resource.source == "terraform" or (self.attachment and not self.attachment.outside):
            return True
        secret = self.secret
        if secret is None or secret.outside or secret.attachments or secret.tells_host:
            return True
        return not (self._for_database or secret.instances or secret.clusters)

    @property
    def _for_database(self) -> bool:
        """Whether AWS's own function for a kind of database does the work."""
        return self.HostedRotationLambda.RotationType is not None


class SecretTargetAttachment(
    View,
    cloudformation="AWS::SecretsManager::SecretTargetAttachment",
    reference=CLOUDFORMATION + "aws-resource-secretsmanager-secrettargetattachment.html",
    supporting=True,
):
    """What writes the address of a database into a secret. Terraform writes it with the secret."""

    SecretId: str | None = prop(replaces=True)
    TargetId: str | None = prop()
    TargetType: str | None = prop()

    schedules: tuple[RotationSchedule, ...] = many("AWS::SecretsManager::RotationSchedule", by="attachment")
    secret: Secret | None = one("AWS::SecretsManager::Secret", by="SecretId")
    target: Any = one(*DATABASES, by="TargetId")

    @property
    def attached(self) -> bool:
        """Whether its type is that of what it names."""
        if self.TargetType is None or self.target is None or self.target.outside:
            return True
        return one_of(self.TargetType, (self.target.resource.type,))
