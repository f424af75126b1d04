"""The groups that databases are put in: of subnets, parameters, options, and of EC2-Classic."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, in_lower_case, one_of
from dblint.aws.network import Placed, Subnet
from dblint.aws.rds.engines import TlsParameter, is_on, version_in
from dblint.properties import Entries, Pairs, prop
from dblint.view import Part, View, parts, several


class DBSubnetGroup(
    Placed,
    View,
    cloudformation="AWS::RDS::DBSubnetGroup",
    terraform="aws_db_subnet_group",
    identity="DBSubnetGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbsubnetgroup.html",
    supporting=True,
):
    DBSubnetGroupName: str | None = prop("name", replaces=True)
    SubnetIds: tuple[str, ...] = prop("subnet_ids", default=())

    subnets: tuple[Subnet, ...] = several("AWS::EC2::Subnet", by="SubnetIds")


class DBParameterGroup(
    View,
    cloudformation="AWS::RDS::DBParameterGroup",
    terraform="aws_db_parameter_group",
    identity="DBParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbparametergroup.html",
    supporting=True,
):
    DBParameterGroupName: str | None = prop("name", replaces=True)
    Family: str = prop("family", replaces=True)
    Parameters: Entries = prop(Pairs("parameter"))


class DBClusterParameterGroup(
    View,
    cloudformation="AWS::RDS::DBClusterParameterGroup",
    terraform="aws_rds_cluster_parameter_group",
    identity="DBClusterParameterGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-dbclusterparametergroup.html",
    supporting=True,
):
    DBClusterParameterGroupName: str | None = prop("name", replaces=True)
    Family: str = prop("family", replaces=True)
    Parameters: Entries = prop(Pairs("parameter"))


class Option(Part):
    OptionName: str = prop("option_name")


class OptionGroup(
    View,
    cloudformation="AWS::RDS::OptionGroup",
    terraform="aws_db_option_group",
    identity="OptionGroupName",
    reference=CLOUDFORMATION + "aws-resource-rds-optiongroup.html",
    supporting=True,
):
    OptionConfigurations: tuple[Option, ...] = parts(Option, "option")
    OptionGroupName: str | None = prop("name", replaces=True)

    def holds(self, name: str) -> bool:
        """Whether an option is in it."""
        return any(in_lower_case(option.OptionName) == name.lower() for option in self.OptionConfigurations)


class DBSecurityGroup(
    View,
    cloudformation="AWS::RDS::DBSecurityGroup",
    terraform="aws_db_security_group",
    reference=CLOUDFORMATION + "aws-resource-rds-dbsecuritygroup.html",
):
    """A security group of EC2-Classic. The Terraform AWS provider has none since 5.0."""

    @property
    def of_classic(self) -> bool:
        """Instances know the same word."""
        return True


def is_default(group: str | None) -> bool:
    """Whether a group of parameters or options is AWS's own, whose settings nobody can change."""
    return isinstance(group, str) and group.startswith(("default.", "default:"))


def parameter_in(group: DBParameterGroup | DBClusterParameterGroup | None, name: str) -> str | None:
    """A parameter as its group sets it; None where the engine's default holds."""
    return None if group is None else group.Parameters.get(name)


def accepts_clear_text(
    parameter: TlsParameter | None, group: DBParameterGroup | DBClusterParameterGroup | None, version: str | None
) -> bool:
    """Whether clients may connect without TLS: as the group says, else as AWS presets the parameter for the version,
    which the family of the group has to fit."""
    if parameter is None:
        return False
    value = parameter_in(group, parameter.name)
    if value is not None:
        return not is_on(value)
    if parameter.on_since is None:
        return True
    known_version = isinstance(version, str)
    return version_in(version if known_version or group is None else group.Family) < parameter.on_since


def logs_statements(group: DBParameterGroup | DBClusterParameterGroup | None) -> bool:
    """Whether PostgreSQL logs who changes what: by pgAudit, or by `log_statement`."""
    if one_of(in_lower_case(parameter_in(group, "log_statement")), ("ddl", "mod", "all")):
        return True
    libraries = parameter_in(group, "shared_preload_libraries")
    return libraries is not None and "pgaudit" in str(libraries)
