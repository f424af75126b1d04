# A table; its autoscaling is another module's.
module "this" {
  source              = "cloudposse/label/null"
  version             = "0.25.0"
  enabled             = var.enabled
  namespace           = var.namespace
  tenant              = var.tenant
  environment         = var.environment
  stage               = var.stage
  name                = var.name
  delimiter           = var.delimiter
  attributes          = var.attributes
  tags                = var.tags
  label_order         = var.label_order
  regex_replace_chars = var.regex_replace_chars
  id_length_limit     = var.id_length_limit
  label_key_case      = var.label_key_case
  label_value_case    = var.label_value_case
  context             = var.context
}

resource "aws_dynamodb_table" "default" {
  count                       = module.this.enabled ? 1 : 0
  name                        = try(coalesce(var.table_name), module.this.id)
  hash_key                    = var.hash_key
  stream_enabled              = length(var.replicas) > 0 ? true : var.enable_streams
  stream_view_type            = length(var.replicas) > 0 || var.enable_streams ? var.stream_view_type : ""
  deletion_protection_enabled = var.deletion_protection_enabled
  tags                        = var.tags_enabled ? module.this.tags : null

  server_side_encryption {
    enabled     = var.enable_encryption
    kms_key_arn = var.server_side_encryption_kms_key_arn
  }
  point_in_time_recovery {
    enabled = var.enable_point_in_time_recovery
  }
  ttl {
    enabled        = var.ttl_attribute != "" ? var.ttl_enabled : false
    attribute_name = var.ttl_attribute
  }
  dynamic "replica" {
    for_each = var.replicas
    content {
      region_name            = replica.value
      kms_key_arn            = null
      propagate_tags         = false
      point_in_time_recovery = false
    }
  }
}

module "dynamodb_autoscaler" {
  source              = "cloudposse/dynamodb-autoscaler/aws"
  version             = "0.16.0"
  enabled             = module.this.enabled && var.enable_autoscaler && var.billing_mode == "PROVISIONED"
  dynamodb_table_name = join("", aws_dynamodb_table.default[*].id)
  dynamodb_table_arn  = join("", aws_dynamodb_table.default[*].arn)
}

output "table_name" { value = join("", aws_dynamodb_table.default[*].name) }
output "table_id" { value = join("", aws_dynamodb_table.default[*].id) }
output "table_arn" { value = join("", aws_dynamodb_table.default[*].arn) }
output "table_stream_arn" { value = join("", aws_dynamodb_table.default[*].stream_arn) }
