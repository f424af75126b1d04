from dblint import CRITICAL, Set, rule
from dblint.aws.dms import ReplicationInstance


@rule(severity=CRITICAL, category="exposure", fix=Set(PubliclyAccessible=False))
def publicly_accessible(instance: ReplicationInstance) -> bool:
    """Replication instance, which reaches the databases, has a public address."""
    return instance.PubliclyAccessible
