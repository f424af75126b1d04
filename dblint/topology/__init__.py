"""The databases of a root as a picture: what there is, what belongs together, and what holds of each in which scenario.

It shows and does not judge: what a rule would ask of a view is asked here for every alternative, and told side by side.
"""

from __future__ import annotations

from dblint.topology.build import merged, topology_of
from dblint.topology.model import Fact, Node, Tie, Topology

__all__ = ["Fact", "Node", "Tie", "Topology", "merged", "topology_of"]
