from dblint import MEDIUM, rule
from dblint.aws.compute import Function


@rule(severity=MEDIUM, category="fitness")
def missing_for_lambda(function: Function, *, few: int = 5) -> bool:
    """Function opens a connection to the production database in each of its instances, without a proxy."""
    return function.production and not function.runs_at_most(few) and any(db.lacks_proxy for db in function.databases)
