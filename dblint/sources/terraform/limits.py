"""Every bound of the Terraform source in one place: what no real code comes near and hostile code would pass."""

from __future__ import annotations

# Syntax
DEEPEST_BLOCK = 100  # nesting of blocks, brackets and templates
LONGEST_CHAIN = 200  # steps of one reference, operators of one chain
MOST_LABELS = 8
LONGEST_EXPRESSION = 100_000  # characters given to python-hcl2's grammar at once
MOST_PARSED = 10_000_000  # characters given to it in one run; 45 MB of real code need 3,000,000

# Evaluation of one root
MOST_EVALUATIONS = 250_000  # expressions; the largest real root needs 50,253
DEEPEST_EVALUATION = 400  # expressions inside of one another, through references
MOST_INSTANCES = 5_000  # of resources
MOST_KEYS = 2_000  # of one count or for_each
DEEPEST_MODULE = 20
MOST_SCENARIOS = 16

# Values
LARGEST_VALUE = 200_000  # nodes of one value, counted as a tree
DEEPEST_VALUE = 200  # levels of nesting
LONGEST_TEXT = 1_000_000  # characters
LARGEST_NUMBER = 4_096  # bits
LARGEST_EXPONENT = 5_000
MOST_IN_RANGE = 1_024  # Terraform's own limit
WIDEST_FORMAT = 100_000
MOST_DECISIONS = 24  # variables that steer one operation
LARGEST_FILE_READ = 1_048_576  # bytes that file() and its like give back
LONGEST_MATCHED = 20_000  # characters that a regular expression is tried on


class LimitReached(Exception):
    """A bound was met; the message says which. `try` and `can` do not catch it."""
