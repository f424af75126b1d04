"""Records what `terraform plan` says of the roots in tests/terraform/planned, with a provider that stands in for AWS.

    python tools/terraform_record_plans.py [NAME...]

Needs terraform, and the dependency group `oracle`; no network, no account. Each root's plan stands beside its code, in
plan.json. tests/terraform/test_tf_plans.py holds the evaluation of the code against it, and reads it as a plan.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent / "tests" / "terraform"
sys.path[:0] = [str(HERE), str(HERE.parents[1])]

from plan_oracle import NoPlan, kept, planned  # noqa: E402


def main() -> None:
    names = sys.argv[1:] or sorted(path.name for path in (HERE / "planned").iterdir() if path.is_dir())
    for name in names:
        folder = HERE / "planned" / name
        try:
            plan = kept(planned(folder))
        except NoPlan as error:
            sys.exit(f"{name}: {error}")
        (folder / "plan.json").write_text(json.dumps(plan, indent=1, sort_keys=True) + "\n", encoding="utf-8")
        print(f"{name}: {len(plan['resource_changes'])} instances")


if __name__ == "__main__":
    main()
