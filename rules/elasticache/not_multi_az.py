from dblint import HIGH, Set, rule
from dblint.aws.elasticache import ReplicationGroup


@rule(severity=HIGH, category="availability", fix=Set(MultiAZEnabled=True))
def not_multi_az(group: ReplicationGroup) -> bool:
    """Nodes of the production cache may all stand in one Availability Zone."""
    return group.production and group.AutomaticFailoverEnabled and not group.spread and group.has_replicas
