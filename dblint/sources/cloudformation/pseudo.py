"""What is known of pseudo-parameters from others: the partition and the domain of a Region."""

from __future__ import annotations

from collections.abc import Mapping

# Regions outside of the partition "aws", by how they begin:
# https://docs.aws.amazon.com/IAM/latest/UserGuide/reference-arns.html
_PARTITIONS = (
    ("cn-", "aws-cn", "amazonaws.com.cn"),
    ("us-gov-", "aws-us-gov", "amazonaws.com"),
    ("us-isob-", "aws-iso-b", "sc2s.sgov.gov"),
    ("us-iso-", "aws-iso", "c2s.ic.gov"),
    ("us-isof-", "aws-iso-f", "csp.hci.ic.gov"),
    ("eu-isoe-", "aws-iso-e", "cloud.adc-e.uk"),
    ("eusc-", "aws-eusc", "amazonaws.eu"),
)


def with_region(known: Mapping[str, str], region: str = "") -> dict[str, str]:
    """Pseudo-parameters with those that follow from the Region; `region` wins over the known one."""
    found = {**known, "AWS::Region": region} if region else dict(known)
    where = found.get("AWS::Region")
    if where:
        row = next((row for row in _PARTITIONS if where.startswith(row[0])), ("", "aws", "amazonaws.com"))
        found["AWS::Partition"], found["AWS::URLSuffix"] = row[1:]
    return found
