from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="capacity", about="MaxAllocatedStorage")
def no_storage_autoscaling(db: DBInstance) -> bool:
    """Production database stops when its storage is full, since it does not grow by itself."""
    return db.production and db.stands_alone and not db.custom and not db.storage_grows
