from dblint import MEDIUM, Set, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="recovery", fix=Set(DeletionProtection=True))
def no_deletion_protection(db: DBInstance) -> bool:
    """Production database can be deleted by one call."""
    return db.production and db.stands_alone and not db.DeletionProtection
