from dblint import HIGH, rule
from dblint.aws.emr import SecurityConfiguration


@rule(severity=HIGH, category="encryption", about="SecurityConfiguration")
def in_transit_encryption_off(configuration: SecurityConfiguration) -> bool:
    """Nodes of EMR clusters send data to each other in clear text."""
    return not configuration.encrypts_in_transit
