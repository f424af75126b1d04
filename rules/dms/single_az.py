from dblint import MEDIUM, Set, rule
from dblint.aws.dms import ReplicationInstance


@rule(severity=MEDIUM, category="availability", fix=Set(MultiAZ=True))
def single_az(instance: ReplicationInstance) -> bool:
    """Production replication that goes on all the time has no standby in a second Availability Zone."""
    return instance.production and not instance.MultiAZ and instance.follows_changes
