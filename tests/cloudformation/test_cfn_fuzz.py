"""Changed templates: whatever comes, nothing crashes, and the reader and cfn-lint's decoder agree.

DBLINT_FUZZ_SECONDS and DBLINT_FUZZ_SEED make it longer, and make it go other ways.
"""

from __future__ import annotations

from pathlib import Path

from cfn_lint_decoder import REFUSED, different, misplaced, ours, plain, theirs
from cfn_support import CORPUS, scan
from mutations import SEED, mutated

from dblint.graph import Graph
from dblint.sources.cloudformation.faults import ReadError
from dblint.sources.cloudformation.reader import read
from dblint.view import VIEWS

WHOLE = (Path(__file__).parent / "whole.yaml").read_text()


def originals() -> list[str]:
    found = [path.read_text() for path in CORPUS.rglob("*.yaml") if path.stat().st_size < 10_000]
    return [WHOLE] * max(1, len(found) // 2) + sorted(found)


def test_only_read_errors_escape_the_reader():
    for text in mutated(originals()):
        try:
            read(text)
        except ReadError:
            pass
        except Exception as error:
            raise AssertionError(f"seed {SEED}: {text!r}") from error


def test_the_reader_agrees_with_cfn_lint():
    for text in mutated(originals()):
        tree, node = theirs(text), ours(text)
        if tree is not REFUSED and node is not None:
            # cfn-lint takes U+2028 for the end of a line.
            difference = different(plain(node), tree) or ("\u2028" not in text and misplaced(node, tree))
            assert not difference, f"seed {SEED}: {difference}: {text!r}"


def test_every_value_of_a_changed_template_can_be_read(tmp_path):
    for text in mutated([WHOLE]):
        (tmp_path / "t.yaml").write_bytes(text.encode("utf-8", "surrogatepass"))
        try:
            visit(tmp_path)
        except Exception as error:
            raise AssertionError(f"seed {SEED}: {text!r}") from error


def visit(folder: Path) -> None:
    roots, _ = scan(folder)
    for root in roots:
        root.scenario_names()
        for deployment in root.deployments():
            Graph(deployment)
            for resource in deployment.resources:
                assert resource.type in VIEWS
                for name in dict(resource.properties):
                    resource.trace((name,), {})
                    resource.trace((name, 0, "x"), {})
