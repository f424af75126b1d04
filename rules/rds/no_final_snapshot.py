from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBCluster, DBInstance


@rule(
    severity=MEDIUM,
    category="recovery",
    fix=Set(DeletionPolicy="Snapshot", UpdateReplacePolicy="Snapshot"),
)
def no_final_snapshot(db: DBInstance | DBCluster) -> bool:
    """Production database is deleted or replaced without a final snapshot."""
    return db.production and db.stands_alone and (db.DeletionPolicy == "Delete" or db.UpdateReplacePolicy == "Delete")
