"""What AWS says of the engines of RDS: their names and families, what they support, and their defaults.

What a table holds of an engine that is only known at deploy time is undetermined; of one that is absent, nothing is
known.
"""

from __future__ import annotations

import re

from dblint.aws.common import in_lower_case, one_of
from dblint.facts import rds_engines
from dblint.reading import undetermined
from dblint.records import dataclass

AURORA = ("aurora-mysql", "aurora-postgresql", "aurora")
AURORA_MYSQL = ("aurora-mysql", "aurora")
# Engines of Multi-AZ DB clusters: the Engine parameter of CreateDBCluster.
CLUSTERED = ("mysql", "postgres")
ORACLE = ("oracle-ee", "oracle-ee-cdb", "oracle-se2", "oracle-se2-cdb", "oracle-se1", "oracle-se")
SQL_SERVER = ("sqlserver-ee", "sqlserver-se", "sqlserver-ex", "sqlserver-web")
DB2 = ("db2-ae", "db2-se")

# Engines of RDS Custom: the Engine parameter of CreateDBInstance.
CUSTOM_ORACLE = ("custom-oracle-ee", "custom-oracle-ee-cdb", "custom-oracle-se2", "custom-oracle-se2-cdb")
CUSTOM_SQL_SERVER = ("custom-sqlserver-dev", "custom-sqlserver-ee", "custom-sqlserver-se", "custom-sqlserver-web")
CUSTOM = (*CUSTOM_ORACLE, *CUSTOM_SQL_SERVER)

# Engines whose users may log in through IAM: EnableIAMDatabaseAuthentication of CreateDBInstance.
WITH_IAM = ("mariadb", "mysql", "postgres")

# Engines of which no replica can be made: "Oracle replicas are supported only for Oracle Enterprise Edition", "Read
# replicas are only available on the SQL Server Enterprise Edition" and the limitations of RDS Custom for SQL Server in
# the RDS User Guide.
WITHOUT_REPLICAS = (
    "oracle-se",
    "oracle-se1",
    "oracle-se2",
    "oracle-se2-cdb",
    "sqlserver-ex",
    "sqlserver-se",
    "sqlserver-web",
    *CUSTOM_SQL_SERVER,
)

# Engines of which no standby can be kept: "Multi-AZ deployments for Amazon RDS for Microsoft SQL Server" in the RDS
# User Guide has Standard and Enterprise Edition, and Web Edition with block-level replication.
WITHOUT_STANDBY = ("sqlserver-ex",)

# Replicas of one source: CreateDBInstanceReadReplica. Of SQL Server it says 5, and the RDS User Guide 15 with a warning
# of lag above 5: the greater number is the limit here.
MOST_REPLICAS = 15
_FEWER_REPLICAS = {**dict.fromkeys((*ORACLE, *CUSTOM_ORACLE), 5), **dict.fromkeys(DB2, 3)}

# Classes of instances by what they are made for, the one with the least memory for each vCPU first.
_FAMILIES = ("t", "m", "r", "x")
_SIZES = {"micro": 0.25, "small": 0.5, "medium": 1.0, "large": 2.0, "xlarge": 4.0}

# Engine families of RDS Proxy: EngineFamily of CreateDBProxy.
PROXY_FAMILIES = {
    "aurora": "MYSQL",
    "aurora-mysql": "MYSQL",
    "aurora-postgresql": "POSTGRESQL",
    "mariadb": "MYSQL",
    "mysql": "MYSQL",
    "postgres": "POSTGRESQL",
    **dict.fromkeys(SQL_SERVER, "SQLSERVER"),
}


@dataclass(frozen=True, slots=True)
class TlsParameter:
    """The parameter by which an engine refuses connections in clear text. `on_since`: the version from which on AWS
    turns it on by default; None where it never does."""

    name: str
    on_since: tuple[int, ...] | None = None


# "Using SSL with a PostgreSQL DB instance", "Requiring SSL/TLS for all connections" to MySQL and to MariaDB and "Using
# SSL with a Microsoft SQL Server DB instance" in the RDS User Guide; "Securing Aurora PostgreSQL data with SSL/TLS" and
# "Security with Amazon Aurora MySQL" in the Aurora User Guide.
_TLS_PARAMETERS = {
    "aurora": TlsParameter("require_secure_transport"),
    "aurora-mysql": TlsParameter("require_secure_transport"),
    "aurora-postgresql": TlsParameter("rds.force_ssl", (17,)),
    "mariadb": TlsParameter("require_secure_transport", (11, 8)),
    "mysql": TlsParameter("require_secure_transport"),
    "postgres": TlsParameter("rds.force_ssl", (15,)),
    **dict.fromkeys(SQL_SERVER, TlsParameter("rds.force_ssl")),
}


def is_aurora(engine: str | None) -> bool:
    """Whether an engine is Aurora."""
    return one_of(engine, AURORA)


def tls_parameter(engine: str | None) -> TlsParameter | None:
    """How an engine is made to refuse clear text; None where no parameter does."""
    return _TLS_PARAMETERS.get(str(engine))


def most_replicas(engine: str | None) -> int:
    """How many replicas one source may have."""
    return _FEWER_REPLICAS.get(str(engine), MOST_REPLICAS)


def proxy_family(engine: str | None) -> str | None:
    """The engine family that a proxy needs; None where RDS Proxy does not support the engine."""
    return PROXY_FAMILIES.get(str(engine))


def version_in(text: str | None) -> tuple[int, ...]:
    """The first version that a text speaks of: (16, 3) of "16.3", (8, 0) of "8.0.mysql_aurora.3.05.2" and "mysql8.0".

    Undetermined where there is none, or where the text is only known at deploy time.
    """
    if text is None:
        undetermined("its version is AWS's default of the day it was created")
    found = re.search(r"\d+(?:\.\d+)*", str(text))
    if found is None:
        undetermined(f"{text} names no version")
    return tuple(int(part) for part in found.group().split("."))


def is_deprecated(engine: str | None, version: str | None) -> bool:
    """Whether AWS has deprecated a version of an engine, or has forgotten it: it is older than all that AWS still lists
    of its series. A prefix ("15", "8.0"), which Terraform takes, stands for the newest version that begins with it."""
    if version is None or engine is None:
        return False
    facts = rds_engines().get(str(engine))
    if facts is None:
        return False
    wanted, known, deprecated = str(version), facts["versions"], facts["deprecated"]
    meant = [other for other in known if other.startswith(f"{wanted}.")] or [o for o in known if o == wanted]
    if meant:
        return all(other in deprecated for other in meant)
    return _is_forgotten(version_in(wanted), [version_in(other) for other in known])


def _is_forgotten(version: tuple[int, ...], known: list[tuple[int, ...]]) -> bool:
    """Whether a version is older than all known ones of its series, and of all series where its own is not known."""
    whole = [other for other in known if len(other) >= len(version)]
    series = [other for other in whole if other[: len(version) - 1] == version[:-1]]
    return version < min(series or whole or known)


def is_on(value: str | None) -> bool:
    """Whether a parameter of a parameter group is switched on."""
    return one_of(in_lower_case(value), ("1", "on", "true"))


def is_smaller(one: str | None, two: str | None) -> bool:
    """Whether a class of instances has less than another: a smaller size of the same family or a lesser one. Classes
    that can not be compared (db.serverless) are not smaller. Undetermined where one is only known at deploy time."""
    if one is None or two is None or one == two:
        return False
    first, second = _extent(str(one)), _extent(str(two))
    return (
        first is not None and second is not None and first != second and first[0] <= second[0] and first[1] <= second[1]
    )


def _extent(instance_class: str) -> tuple[float, int] | None:
    """The size of a class, and the place of its family; None where it has none: db.r6g.2xlarge is (8.0, 2)."""
    found = re.match(r"db\.([a-z])[^.]*\.(\d*)([a-z]+)", instance_class)
    if found is None or found[1] not in _FAMILIES or found[3] not in _SIZES:
        return None
    return int(found[2] or 1) * _SIZES[found[3]], _FAMILIES.index(found[1])
