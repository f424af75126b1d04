"""What a picture shows of each type of resource: what it is called, what is asked of it, and where its ties lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from dblint.model import Unknown
from dblint.reading import known
from dblint.records import dataclass

Ask = Callable[[Any], Any]

MEMBER, REPLICA, RESTORED, SNAPSHOT, COPY = "member of", "replica of", "restored from", "snapshot of", "copy of"
PROXY, MADE_FROM, RUNS_ON, READS, WRITES = "proxy for", "made from", "runs on", "reads from", "writes to"


@dataclass(frozen=True, slots=True)
class Kind:
    """`word` names one; `facts` and `ties` are questions by the names of their answers. A tie's answer is one view,
    several, or None."""

    word: Ask
    facts: tuple[tuple[str, Ask], ...] = ()
    ties: tuple[tuple[str, Ask], ...] = ()


def _called(word: str) -> Ask:
    return lambda view: word


def _days(count: Any) -> Any:
    """Automated backups by how many days they are kept."""
    if isinstance(count, Unknown):
        return count
    return False if count == 0 else f"{count} {'day' if count == 1 else 'days'}"


def _engine(view: Any) -> Any:
    engine = view.engine
    version = view.raw("EngineVersion")
    return f"{engine} {version}" if isinstance(version, str) else engine


def _zones(subnets: tuple[Any, ...]) -> Any:
    """The zones of subnets as far as they are known, else how many subnets there are."""
    found = [subnet.zone for subnet in known(subnets) if not subnet.outside]
    zones = sorted({zone for zone in found if isinstance(zone, str)})
    if zones and len(zones) == len({str(zone) for zone in found}):
        return ", ".join(zones)
    return f"in {len(found)} subnets" if len(found) > 1 else None


def _zones_of_database(db: Any) -> Any:
    zone = db.raw("AvailabilityZone")
    if isinstance(zone, str):
        return zone
    return _zones(db.placement.subnets) if db.placement and not db.placement.outside else None


def _own(ask: Ask) -> Ask:
    """A question that members leave to their cluster."""
    return lambda db: None if db.member else ask(db)


def _restored(db: Any) -> Any:
    return None if db.replica else db.source_instance or db.target_of_restore


_PROTECTED = ("protected from deletion", lambda db: db.DeletionProtection)
_BACKUPS = ("backups", lambda db: _days(db.BackupRetentionPeriod))
_SNAPSHOTS = ("backups", lambda cache: _days(cache.SnapshotRetentionLimit))

_INSTANCE = Kind(
    lambda db: "cluster instance" if db.member else "read replica" if db.replica else "DB instance",
    facts=(
        ("engine", _own(_engine)),
        ("class", lambda db: db.DBInstanceClass),
        ("zones", _zones_of_database),
        ("encrypted", _own(lambda db: db.encrypted)),
        ("backups", _own(lambda db: _days(db.BackupRetentionPeriod))),
        ("standby", _own(lambda db: db.MultiAZ)),
        ("protected from deletion", _own(lambda db: db.DeletionProtection)),
        ("public", lambda db: db.PubliclyAccessible),
    ),
    ties=(
        (MEMBER, lambda db: db.cluster),
        (REPLICA, lambda db: (db.source_instance or db.source_cluster) if db.replica else None),
        (RESTORED, _restored),
        (RESTORED, lambda db: db.snapshot or db.cluster_snapshot),
    ),
)
_CLUSTER = Kind(
    lambda db: "Aurora cluster" if db.aurora else "Multi-AZ DB cluster" if db.multi_az else "DB cluster",
    facts=(
        ("engine", _engine),
        ("zones", _zones_of_database),
        ("encrypted", lambda db: db.encrypted),
        _BACKUPS,
        _PROTECTED,
    ),
    ties=(
        (MEMBER, lambda db: db.global_cluster),
        (RESTORED, lambda db: db.snapshot or db.source),
    ),
)
_TABLE = (
    ("point-in-time recovery", lambda table: table.PointInTimeRecoverySpecification.PointInTimeRecoveryEnabled),
    ("protected from deletion", lambda table: table.DeletionProtectionEnabled),
    ("replicas in", lambda table: ", ".join(replica.Region for replica in table.Replicas) or None),
)

KINDS = {
    "AWS::RDS::GlobalCluster": Kind(
        _called("Aurora global database"),
        facts=(("engine", _engine), _PROTECTED),
        ties=((MADE_FROM, lambda db: db.source),),
    ),
    "AWS::RDS::DBCluster": _CLUSTER,
    "AWS::RDS::DBInstance": _INSTANCE,
    "AWS::RDS::DBProxy": Kind(
        _called("proxy"),
        facts=(("engines", lambda proxy: proxy.EngineFamily), ("TLS required", lambda proxy: proxy.RequireTLS)),
        ties=((PROXY, lambda proxy: tuple(proxy.targets())),),
    ),
    "AWS::RDS::DBSnapshot": Kind(
        _called("snapshot"),
        facts=(("encrypted", lambda snapshot: snapshot.encrypted),),
        ties=((SNAPSHOT, lambda snapshot: snapshot.instance), (COPY, lambda snapshot: snapshot.source)),
    ),
    "AWS::RDS::ClusterSnapshot": Kind(
        _called("cluster snapshot"),
        facts=(("encrypted", lambda snapshot: snapshot.encrypted),),
        ties=((SNAPSHOT, lambda snapshot: snapshot.cluster), (COPY, lambda snapshot: snapshot.source)),
    ),
    "AWS::ElastiCache::ReplicationGroup": Kind(
        _called("cache replication group"),
        facts=(
            ("engine", _engine),
            ("class", lambda cache: cache.CacheNodeType),
            ("encrypted", lambda cache: cache.encrypted),
            ("encrypted in transit", lambda cache: cache.TransitEncryptionEnabled),
            ("automatic failover", lambda cache: cache.AutomaticFailoverEnabled),
            ("in several zones", lambda cache: cache.spread),
            _SNAPSHOTS,
        ),
        ties=((MADE_FROM, lambda cache: cache.primary),),
    ),
    "AWS::ElastiCache::CacheCluster": Kind(
        lambda cache: "cache node" if cache.member else "cache cluster",
        facts=(
            ("engine", _own(_engine)),
            ("class", lambda cache: cache.CacheNodeType),
            ("nodes", lambda cache: cache.NumCacheNodes),
            ("in several zones", _own(lambda cache: not cache.in_one_zone)),
            ("backups", lambda cache: _days(cache.SnapshotRetentionLimit) if cache.keeps_data else None),
        ),
        ties=((MEMBER, lambda cache: cache.group),),
    ),
    "AWS::ElastiCache::ServerlessCache": Kind(
        _called("serverless cache"), facts=(("engine", lambda cache: cache.engine), _SNAPSHOTS)
    ),
    "AWS::DynamoDB::Table": Kind(_called("table"), facts=_TABLE),
    "AWS::DynamoDB::GlobalTable": Kind(
        _called("global table"),
        facts=(("point-in-time recovery", lambda table: table.replicas_recoverable), *_TABLE[2:]),
    ),
    "AWS::DynamoDB::TableReplica": Kind(
        _called("table replica"),
        facts=(("point-in-time recovery", lambda table: table.replicas_recoverable),),
        ties=((REPLICA, lambda replica: replica.table),),
    ),
    "AWS::DAX::Cluster": Kind(
        _called("DAX cluster"),
        facts=(
            ("nodes", lambda cache: cache.ReplicationFactor),
            ("encrypted", lambda cache: cache.SSESpecification.SSEEnabled),
            ("encrypted in transit", lambda cache: cache.encrypted_in_transit),
        ),
    ),
    "AWS::Redshift::Cluster": Kind(
        _called("data warehouse"),
        facts=(
            ("class", lambda db: db.NodeType),
            ("nodes", lambda db: db.NumberOfNodes),
            ("encrypted", lambda db: db.Encrypted),
            ("backups", lambda db: _days(db.AutomatedSnapshotRetentionPeriod)),
            ("public", lambda db: db.PubliclyAccessible),
        ),
    ),
    "AWS::RedshiftServerless::Workgroup": Kind(_called("serverless warehouse")),
    "AWS::RedshiftServerless::Namespace": Kind(_called("serverless warehouse data")),
    "AWS::EMR::Cluster": Kind(_called("EMR cluster")),
    "AWS::DMS::ReplicationInstance": Kind(
        _called("replication instance"),
        facts=(("standby", lambda machine: machine.MultiAZ), ("public", lambda machine: machine.PubliclyAccessible)),
    ),
    "AWS::DMS::Endpoint": Kind(_called("replication endpoint"), facts=(("engine", lambda end: end.engine),)),
    "AWS::DMS::ReplicationTask": Kind(
        _called("replication task"),
        ties=(
            (RUNS_ON, lambda task: task.instance),
            (READS, lambda task: task.source),
            (WRITES, lambda task: task.target),
        ),
    ),
}
