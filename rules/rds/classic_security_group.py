from dblint import HIGH, rule
from dblint.aws.rds import DBInstance, DBSecurityGroup


@rule(severity=HIGH, category="lifecycle", about="DBSecurityGroups")
def classic_security_group(it: DBInstance | DBSecurityGroup) -> bool:
    """Security groups of EC2-Classic can not be created any more, and protect nothing in a VPC."""
    return it.of_classic
