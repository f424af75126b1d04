locals {
  groups = {
    one = { zones = ["a", "b"], replicas = 1 }
    two = { zones = [], replicas = 0 }
  }
}

resource "aws_elasticache_replication_group" "this" {
  replication_group_id = "x"
  description          = "x"

  dynamic "node_group_configuration" {
    for_each = local.groups
    iterator = group
    content {
      primary_availability_zone  = try(group.value.zones[0], null)
      replica_availability_zones = slice(group.value.zones, min(1, length(group.value.zones)), length(group.value.zones))
      replica_count              = group.value.replicas
      slots                      = "${group.key}-slots"
    }
  }
}

resource "aws_dynamodb_table" "global" {
  name     = "x"
  hash_key = "id"

  dynamic "replica" {
    for_each = toset(["us-east-1", "eu-west-1"])
    content {
      region_name            = replica.key
      point_in_time_recovery = replica.value == "us-east-1"
    }
  }
  server_side_encryption {
    enabled = true
  }
}
