from dblint import MEDIUM, rule
from dblint.aws.rds import DBInstance


@rule(severity=MEDIUM, category="validity", about="SourceDBInstanceIdentifier")
def replica_chain(db: DBInstance) -> bool:
    """Replica follows itself, or stands at the end of a longer chain than AWS allows."""
    return db.replica and db.chain_is_impossible
