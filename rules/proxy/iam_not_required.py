from dblint import MEDIUM, rule
from dblint.aws.rds import DBProxy


@rule(severity=MEDIUM, category="exposure", about="Auth")
def iam_not_required(proxy: DBProxy) -> bool:
    """Whoever knows a password may connect to the proxy."""
    return proxy.lets_in_without_iam
