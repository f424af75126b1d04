# One of three tables, by autoscaling; the arguments of the three are the same but for those of replicas.
locals {
  plain       = var.create_table && !var.autoscaling_enabled
  scaled      = var.create_table && var.autoscaling_enabled
  scaled_name = try(aws_dynamodb_table.autoscaled[0].name, aws_dynamodb_table.autoscaled_gsi_ignore[0].name, "")
  tags        = merge(var.tags, { Name = var.name })
}

resource "aws_dynamodb_table" "this" {
  count                       = local.plain ? 1 : 0
  name                        = var.name
  hash_key                    = var.hash_key
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }
  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }
  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = try(replica.value.kms_key_arn, null)
      propagate_tags         = try(replica.value.propagate_tags, null)
      point_in_time_recovery = try(replica.value.point_in_time_recovery, null)
    }
  }
}

resource "aws_dynamodb_table" "autoscaled" {
  count                       = local.scaled && !var.ignore_changes_global_secondary_index ? 1 : 0
  name                        = var.name
  hash_key                    = var.hash_key
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }
  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }
  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = try(replica.value.kms_key_arn, null)
      propagate_tags         = try(replica.value.propagate_tags, null)
      point_in_time_recovery = try(replica.value.point_in_time_recovery, null)
    }
  }
}

resource "aws_dynamodb_table" "autoscaled_gsi_ignore" {
  count                       = local.scaled && var.ignore_changes_global_secondary_index ? 1 : 0
  name                        = var.name
  hash_key                    = var.hash_key
  stream_enabled              = var.stream_enabled
  stream_view_type            = var.stream_view_type
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = local.tags

  ttl {
    enabled        = var.ttl_enabled
    attribute_name = var.ttl_attribute_name
  }
  point_in_time_recovery {
    enabled = var.point_in_time_recovery_enabled
  }
  server_side_encryption {
    enabled     = var.server_side_encryption_enabled
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  dynamic "replica" {
    for_each = var.replica_regions
    content {
      region_name            = replica.value.region_name
      kms_key_arn            = try(replica.value.kms_key_arn, null)
      propagate_tags         = try(replica.value.propagate_tags, null)
      point_in_time_recovery = try(replica.value.point_in_time_recovery, null)
    }
  }
}

resource "aws_appautoscaling_target" "table_read" {
  count              = local.scaled && length(var.autoscaling_read) > 0 ? 1 : 0
  min_capacity       = var.read_capacity
  max_capacity       = var.autoscaling_read["max_capacity"]
  resource_id        = "table/${local.scaled_name}"
  scalable_dimension = "dynamodb:table:ReadCapacityUnits"
}

resource "aws_appautoscaling_target" "table_write" {
  count              = local.scaled && length(var.autoscaling_write) > 0 ? 1 : 0
  min_capacity       = var.write_capacity
  max_capacity       = var.autoscaling_write["max_capacity"]
  resource_id        = "table/${local.scaled_name}"
  scalable_dimension = "dynamodb:table:WriteCapacityUnits"
}

resource "aws_appautoscaling_target" "index_read" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  min_capacity       = each.value["read_min_capacity"]
  max_capacity       = each.value["read_max_capacity"]
  resource_id        = "table/${local.scaled_name}/index/${each.key}"
  scalable_dimension = "dynamodb:index:ReadCapacityUnits"
}

resource "aws_appautoscaling_target" "index_write" {
  for_each           = local.scaled ? var.autoscaling_indexes : {}
  min_capacity       = each.value["write_min_capacity"]
  max_capacity       = each.value["write_max_capacity"]
  resource_id        = "table/${local.scaled_name}/index/${each.key}"
  scalable_dimension = "dynamodb:index:WriteCapacityUnits"
}

output "dynamodb_table_arn" {
  value = try(aws_dynamodb_table.this[0].arn, aws_dynamodb_table.autoscaled[0].arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].arn, "")
}
output "dynamodb_table_id" {
  value = try(aws_dynamodb_table.this[0].id, aws_dynamodb_table.autoscaled[0].id, aws_dynamodb_table.autoscaled_gsi_ignore[0].id, "")
}
output "dynamodb_table_stream_arn" {
  value = var.stream_enabled ? try(aws_dynamodb_table.this[0].stream_arn, aws_dynamodb_table.autoscaled[0].stream_arn, aws_dynamodb_table.autoscaled_gsi_ignore[0].stream_arn, "") : null
}
