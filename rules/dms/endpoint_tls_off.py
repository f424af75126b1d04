from dblint import HIGH, rule
from dblint.aws.dms import Endpoint


@rule(severity=HIGH, category="encryption", about=("SslMode", "RedisSettings"))
def endpoint_tls_off(endpoint: Endpoint) -> bool:
    """DMS talks to the database in clear text."""
    return endpoint.in_clear_text
