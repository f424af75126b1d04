"""Amazon EMR: clusters and security configurations."""

from __future__ import annotations

from dblint.aws.common import CLOUDFORMATION
from dblint.aws.documents import document_at
from dblint.defaults import PerSource
from dblint.properties import Entries, prop
from dblint.view import Part, View, part

_API = "https://docs.aws.amazon.com/emr/latest/APIReference/"

# Primary nodes of a cluster that survives the loss of one: "you can choose to have one or three primary nodes".
# https://docs.aws.amazon.com/emr/latest/ManagementGuide/emr-plan-ha.html
_PRIMARY_NODES = 3


class InstanceGroup(Part):
    InstanceCount: int = prop("instance_count", default=1)


class InstanceFleet(Part):
    TargetOnDemandCapacity: int = prop("target_on_demand_capacity", default=0)


class Instances(Part):
    KeepJobFlowAliveWhenNoSteps: bool = prop(
        "keep_job_flow_alive_when_no_steps",
        default=PerSource(cloudformation=False, terraform=True),
        reference=_API + "API_JobFlowInstancesConfig.html",
    )
    MasterInstanceFleet: InstanceFleet = part(InstanceFleet, "master_instance_fleet")
    MasterInstanceGroup: InstanceGroup = part(InstanceGroup, "master_instance_group")


class AutoTerminationPolicy(Part):
    IdleTimeout: int | None = prop("idle_timeout")


class Cluster(
    View,
    cloudformation="AWS::EMR::Cluster",
    terraform="aws_emr_cluster",
    identity="Name",
    reference=CLOUDFORMATION + "aws-resource-emr-cluster.html",
):
    AutoTerminationPolicy: AutoTerminationPolicy = part(AutoTerminationPolicy, "auto_termination_policy")
    Instances: Instances = part(Instances, "")
    LogUri: str | None = prop("log_uri", replaces=True)
    Name: str = prop("name", replaces=True)

    @property
    def long_running(self) -> bool:
        """Whether it stays when its steps are done, and is not ended when it is idle."""
        return self.Instances.KeepJobFlowAliveWhenNoSteps and not self.has("AutoTerminationPolicy")

    @property
    def one_primary(self) -> bool:
        """Whether it has fewer primary nodes than it takes to lose one."""
        if self.Instances.has("MasterInstanceFleet"):
            return self.Instances.MasterInstanceFleet.TargetOnDemandCapacity < _PRIMARY_NODES
        return self.Instances.MasterInstanceGroup.InstanceCount < _PRIMARY_NODES


class SecurityConfiguration(
    View,
    cloudformation="AWS::EMR::SecurityConfiguration",
    terraform="aws_emr_security_configuration",
    identity="Name",
    reference=CLOUDFORMATION + "aws-resource-emr-securityconfiguration.html",
):
    """What clusters are told about encryption and login, as a JSON document."""

    Name: str | None = prop("name", replaces=True)
    SecurityConfiguration: Entries = prop("configuration", replaces=True)

    @property
    def encrypts_in_transit(self) -> bool:
        """Whether the nodes of its clusters encrypt what they send to each other."""
        value = document_at(self, "SecurityConfiguration", "EncryptionConfiguration", "EnableInTransitEncryption")
        return str(value).lower() == "true"
