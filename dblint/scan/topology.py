"""The pictures of all roots of a request. Nothing is judged."""

from __future__ import annotations

import pkgutil
from importlib import import_module

from dblint import aws
from dblint.model import Note, Problem
from dblint.reading import Fork, Undetermined
from dblint.records import dataclass
from dblint.scan.evaluate import Evaluation, names_of
from dblint.scan.request import Request
from dblint.scan.run import roots_of
from dblint.topology import Topology, merged, topology_of


@dataclass(frozen=True, slots=True)
class Pictures:
    """A topology for each root that has databases, what could not be read, and what was not looked at."""

    topologies: tuple[Topology, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Note, ...]


def pictures(request: Request) -> Pictures:
    """Reads the roots and looks at each of their deployments."""
    for module in pkgutil.walk_packages(aws.__path__, f"{aws.__name__}."):
        import_module(module.name)  # a picture shows all types, whatever the rules look at
    done = Evaluation()
    found: list[Topology] = []
    for root in roots_of(request, done):
        try:
            for deployment in root.deployments():
                names = names_of(root, deployment, request.wishes.only)
                found.append(topology_of(deployment, tuple(sorted(names))))
        except (Exception, Fork, Undetermined) as error:
            done.fault(root.path, error)
        done.problems += root.problems
        done.notes += root.notes
    problems = dict.fromkeys([*done.problems, *request.files.problems])
    return Pictures(tuple(t for t in merged(found) if t.nodes), tuple(problems), tuple(dict.fromkeys(done.notes)))
