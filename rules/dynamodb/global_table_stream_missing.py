from dblint import HIGH, rule
from dblint.aws.dynamodb import GlobalTable, Table


@rule(severity=HIGH, category="validity", about="StreamSpecification")
def global_table_stream_missing(table: Table | GlobalTable) -> bool:
    """Global table has no stream, which its replicas are fed from."""
    return not table.strong and table.lacks_stream
