from dblint import HIGH, Set, rule
from dblint.aws.rds import DBProxy


@rule(severity=HIGH, category="encryption", fix=Set(RequireTLS=True))
def tls_not_required(proxy: DBProxy) -> bool:
    """Proxy accepts connections in clear text."""
    return not proxy.RequireTLS
