"""Calls of public modules, one for each way in which a summary makes databases, and the databases that they make."""

from __future__ import annotations

from typing import NamedTuple


class Call(NamedTuple):
    """A call without its source. `versions` is the constraint that it gives; `databases` are their addresses in the
    module."""

    source: str
    versions: str
    arguments: str
    databases: tuple[str, ...]

    def text(self, source: str = "") -> str:
        """The call, of its own source or of another place."""
        version = "" if source else f'version = "{self.versions}"\n'
        return f'module "m" {{\nsource = "{source or self.source}"\n{version}{self.arguments}\n}}\n'


CALLS: dict[str, Call] = {
    "tam rds 7": Call(
        "terraform-aws-modules/rds/aws",
        "~> 7.0",
        """
        identifier = "x"
        engine = "mysql"
        options = [{ option_name = "MARIADB_AUDIT_PLUGIN" }]
        password_wo = "x"
        """,
        ("module.db_instance.aws_db_instance.this[0]",),
    ),
    "tam rds 6": Call(
        "terraform-aws-modules/rds/aws",
        "~> 6.0",
        """
        identifier = "x"
        engine = "postgres"
        manage_master_user_password = false
        password = "x"
        replicate_source_db = "y"
        """,
        ("module.db_instance.aws_db_instance.this[0]",),
    ),
    "tam rds-aurora 10": Call(
        "terraform-aws-modules/rds-aurora/aws",
        "~> 10.0",
        """
        name = "x"
        engine = "aurora-mysql"
        instances = { one = {}, two = { instance_class = "db.r6g.large" } }
        db_parameter_group = { family = "aurora-mysql8.0", parameters = [{ name = "a", value = "b" }] }
        security_group_ingress_rules = { all = { cidr_ipv4 = "10.0.0.0/8" } }
        """,
        ("aws_rds_cluster.this[0]", 'aws_rds_cluster_instance.this["one"]', 'aws_rds_cluster_instance.this["two"]'),
    ),
    "tam rds-aurora 9": Call(
        "terraform-aws-modules/rds-aurora/aws",
        "~> 9.0",
        """
        name = "x"
        engine = "aurora-postgresql"
        instances = { 1 = {}, 2 = { promotion_tier = 15, tags = { a = "b" } } }
        create_db_cluster_parameter_group = true
        db_cluster_parameter_group_family = "aurora-postgresql16"
        db_cluster_parameter_group_parameters = [{ name = "rds.force_ssl", value = 1 }]
        serverlessv2_scaling_configuration = { min_capacity = 2, max_capacity = 10 }
        security_group_rules = { in = { cidr_blocks = ["10.0.0.0/8"] } }
        create_db_subnet_group = true
        autoscaling_enabled = true
        """,
        ("aws_rds_cluster.this[0]", 'aws_rds_cluster_instance.this["1"]', 'aws_rds_cluster_instance.this["2"]'),
    ),
    "tam rds-proxy 4": Call(
        "terraform-aws-modules/rds-proxy/aws",
        "~> 4.0",
        """
        name = "x"
        auth = { one = { secret_arn = "s" } }
        target_db_cluster = true
        db_cluster_identifier = "c"
        """,
        ("aws_db_proxy.this[0]",),
    ),
    "tam dynamodb-table 5": Call(
        "terraform-aws-modules/dynamodb-table/aws",
        "~> 5.0",
        """
        name = "x"
        hash_key = "id"
        replica_regions = [{ region_name = "us-east-1" }]
        """,
        ("aws_dynamodb_table.this[0]",),
    ),
    "tam dynamodb-table 5 scaled": Call(
        "terraform-aws-modules/dynamodb-table/aws",
        "~> 5.0",
        """
        name = "x"
        autoscaling_enabled = true
        read_capacity = 1
        autoscaling_read = { max_capacity = 9 }
        """,
        ("aws_dynamodb_table.autoscaled[0]",),
    ),
    "tam dynamodb-table 4": Call(
        "terraform-aws-modules/dynamodb-table/aws",
        "~> 4.0",
        """
        name = "x"
        hash_key = "id"
        deletion_protection_enabled = true
        replica_regions = [{ region_name = "us-east-1", point_in_time_recovery = true }]
        """,
        ("aws_dynamodb_table.this[0]",),
    ),
    "tam elasticache 1": Call(
        "terraform-aws-modules/elasticache/aws",
        "~> 1.0",
        """
        replication_group_id = "x"
        create_cluster = false
        create_replication_group = true
        cluster_mode_enabled = true
        num_node_groups = 2
        create_parameter_group = true
        parameter_group_family = "redis7"
        parameter_group_name = "x"
        security_group_rules = { in = { cidr_ipv4 = "10.0.0.0/8" } }
        """,
        ("aws_elasticache_replication_group.this[0]",),
    ),
    "tam elasticache serverless-cache 1": Call(
        "terraform-aws-modules/elasticache/aws//modules/serverless-cache",
        "~> 1.0",
        """
        cache_name = "x"
        """,
        ("aws_elasticache_serverless_cache.this[0]",),
    ),
    "tam elasticache user-group 1": Call(
        "terraform-aws-modules/elasticache/aws//modules/user-group",
        "~> 1.0",
        """
        user_group_id = "g"
        default_user = { user_id = "d" }
        users = { u = { access_string = "on ~* +@all" } }
        """,
        ("aws_elasticache_user.default[0]", 'aws_elasticache_user.this["u"]', "aws_elasticache_user_group.this[0]"),
    ),
    "tam redshift 7": Call(
        "terraform-aws-modules/redshift/aws",
        "~> 7.0",
        """
        cluster_identifier = "x"
        number_of_nodes = 2
        logging = { bucket_name = "b" }
        """,
        ("aws_redshift_cluster.this[0]",),
    ),
    "tam dms 2": Call(
        "terraform-aws-modules/dms/aws",
        "~> 2.0",
        """
        repl_instance_id = "x"
        repl_subnet_group_name = "X"
        repl_subnet_group_subnet_ids = ["s"]
        endpoints = { a = { endpoint_id = "a", endpoint_type = "source", engine_name = "mysql", ssl_mode = "none" } }
        """,
        ('aws_dms_endpoint.this["a"]', "aws_dms_replication_instance.this[0]"),
    ),
    "tam emr 3": Call(
        "terraform-aws-modules/emr/aws",
        "~> 3.0",
        """
        name = "x"
        is_private_cluster = true
        master_instance_group = { instance_type = "m5.xlarge" }
        """,
        ("aws_emr_cluster.this[0]",),
    ),
    "tam memory-db 3": Call(
        "terraform-aws-modules/memory-db/aws",
        "~> 3.0",
        """
        name = "x"
        """,
        (),
    ),
    "cloudposse rds 1": Call(
        "cloudposse/rds/aws",
        "~> 1.0",
        """
        namespace = "eg"
        name = "db"
        vpc_id = "v"
        engine = "mysql"
        engine_version = "8.0"
        database_port = 3306
        instance_class = "db.t3.micro"
        allocated_storage = 5
        db_parameter_group = "mysql8.0"
        subnet_ids = ["s"]
        allowed_cidr_blocks = ["10.0.0.0/8"]
        security_group_ids = ["sg-1", "sg-2"]
        """,
        ("aws_db_instance.default[0]",),
    ),
    "cloudposse dynamodb 0": Call(
        "cloudposse/dynamodb/aws",
        ">= 0.36, < 1.0",
        """
        namespace = "eg"
        name = "db"
        hash_key = "id"
        replicas = ["us-east-1"]
        """,
        ("aws_dynamodb_table.default[0]",),
    ),
    "cloudposse elasticache-redis 1": Call(
        "cloudposse/elasticache-redis/aws",
        "~> 1.0",
        """
        name = "x"
        vpc_id = "v"
        subnets = ["s"]
        create_security_group = false
        cluster_mode_enabled = true
        """,
        ("aws_elasticache_replication_group.default[0]",),
    ),
}
