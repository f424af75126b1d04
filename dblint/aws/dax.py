"""Amazon DynamoDB Accelerator (DAX): clusters."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION, distinct
from dblint.properties import prop
from dblint.view import Part, View, part

# Nodes of a cluster: "a primary node, plus a maximum of 10 read replicas". The API reference says 10 nodes in all; the
# larger one counts here.
# https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/DAX.concepts.cluster.html
MOST_NODES = 11


class Encryption(Part):
    SSEEnabled: bool = prop("enabled", default=False)


class Cluster(
    View,
    cloudformation="AWS::DAX::Cluster",
    terraform="aws_dax_cluster",
    identity="ClusterName",
    reference=CLOUDFORMATION + "aws-resource-dax-cluster.html",
):
    """A cache in front of DynamoDB tables: a primary node and its read replicas."""

    AvailabilityZones: tuple[str, ...] = prop("availability_zones", default=())
    ClusterEndpointEncryptionType: str = prop("cluster_endpoint_encryption_type", default="NONE", replaces=True)
    ClusterName: str | None = prop("cluster_name", replaces=True)
    ReplicationFactor: int = prop("replication_factor")
    SSESpecification: Encryption = part(Encryption, "server_side_encryption", replaces=True)

    @property
    def encrypted_in_transit(self) -> bool:
        return self.ClusterEndpointEncryptionType == "TLS"

    @property
    def zones(self) -> int:
        """How many Availability Zones it is told, 0 for none. Terraform keeps them as a set, so that one that is
        repeated counts once."""
        if self.resource.source == "terraform":
            return len(distinct(self.AvailabilityZones))
        return len(self.AvailabilityZones)

    @property
    def zones_do_not_fit(self) -> bool:
        """Whether it is told another number of zones than it has nodes: CreateCluster refuses that."""
        return self.zones > 0 and self.ReplicationFactor != self.zones

    @property
    def in_one_zone(self) -> bool:
        """Whether it has several nodes and all of them are told the same zone. AWS spreads those that are told none."""
        return self.ReplicationFactor > 1 and len(distinct(self.AvailabilityZones)) == 1
