from dblint import HIGH, rule
from dblint.aws.rds import GlobalCluster


@rule(severity=HIGH, category="validity")
def global_limits(database: GlobalCluster) -> bool:
    """Global database is more than AWS allows: in clusters, Regions, readers, or with burstable instances."""
    return (
        database.has_too_many_clusters
        or database.has_two_clusters_in_one_region
        or database.has_too_many_readers
        or database.has_burstable_members
    )
