"""Versions of Redis OSS, and when AWS ended its support of them."""

from __future__ import annotations

# When AWS ended its support of the major versions of Redis OSS, as "Redis OSS versions end of life schedule" has it:
# https://docs.aws.amazon.com/AmazonElastiCache/latest/red-ug/deprecated-engine-versions.html
REDIS_END_OF_LIFE = {"2": "2023-01-13", "3": "2023-07-31"}


def ended(version: str | None) -> bool:
    """Whether AWS no longer supports a version of Redis OSS."""
    return version is not None and version.split(".")[0] in REDIS_END_OF_LIFE
