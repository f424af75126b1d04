from dblint import MEDIUM, rule
from dblint.aws.dms import ReplicationTask


@rule(severity=MEDIUM, category="fitness", profile="audit", about="ReplicationTaskSettings")
def heterogeneous_without_schema_conversion(task: ReplicationTask) -> bool:
    """Task moves tables to another kind of database, and nothing converts their schema."""
    return task.between_families and task.makes_tables and not task.schema_is_converted
