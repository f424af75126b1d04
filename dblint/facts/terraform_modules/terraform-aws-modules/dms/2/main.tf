resource "aws_dms_replication_subnet_group" "this" {
  count                       = var.create && var.create_repl_subnet_group ? 1 : 0
  replication_subnet_group_id = lower(var.repl_subnet_group_name)
  subnet_ids                  = var.repl_subnet_group_subnet_ids
  tags                        = merge(var.tags, var.repl_subnet_group_tags)
}

resource "aws_dms_replication_instance" "this" {
  count                   = var.create && var.create_repl_instance ? 1 : 0
  replication_instance_id = var.repl_instance_id
  multi_az                = var.repl_instance_multi_az
  publicly_accessible     = var.repl_instance_publicly_accessible
  tags                    = merge(var.tags, var.repl_instance_tags)
}

resource "aws_dms_endpoint" "this" {
  for_each    = { for key, endpoint in var.endpoints : key => endpoint if var.create }
  endpoint_id = each.value.endpoint_id
  engine_name = each.value.engine_name
  password    = lookup(each.value, "password", null)
  ssl_mode    = try(each.value.ssl_mode, null)
  tags        = merge(var.tags, try(each.value.tags, {}))

  dynamic "kafka_settings" {
    for_each = length(lookup(each.value, "kafka_settings", [])) > 0 ? [each.value.kafka_settings] : []
    content {
      broker                  = kafka_settings.value.broker
      sasl_mechanism          = try(kafka_settings.value.sasl_mechanism, null)
      sasl_password           = lookup(kafka_settings.value, "sasl_password", null)
      sasl_username           = lookup(kafka_settings.value, "sasl_username", null)
      security_protocol       = try(kafka_settings.value.security_protocol, null)
      ssl_ca_certificate_arn  = lookup(kafka_settings.value, "ssl_ca_certificate_arn", null)
      ssl_client_key_password = lookup(kafka_settings.value, "ssl_client_key_password", null)
    }
  }
  dynamic "redis_settings" {
    for_each = length(lookup(each.value, "redis_settings", [])) > 0 ? [each.value.redis_settings] : []
    content {
      auth_password         = try(redis_settings.value.auth_password, null)
      auth_type             = redis_settings.value.auth_type
      auth_user_name        = try(redis_settings.value.auth_user_name, null)
      port                  = try(redis_settings.value.port, 6379)
      server_name           = redis_settings.value.server_name
      ssl_security_protocol = try(redis_settings.value.ssl_security_protocol, null)
    }
  }
}

resource "aws_dms_s3_endpoint" "this" {
  for_each    = { for key, endpoint in var.s3_endpoints : key => endpoint if var.create }
  endpoint_id = each.value.endpoint_id
  ssl_mode    = try(each.value.ssl_mode, null)
  tags        = merge(var.tags, try(each.value.tags, {}))
}

resource "aws_dms_replication_task" "this" {
  for_each                  = { for key, task in var.replication_tasks : key => task if var.create && !contains(keys(task), "serverless_config") }
  replication_task_id       = each.value.replication_task_id
  migration_type            = each.value.migration_type
  replication_instance_arn  = aws_dms_replication_instance.this[0].replication_instance_arn
  replication_task_settings = try(each.value.replication_task_settings, null)
  source_endpoint_arn       = try(aws_dms_endpoint.this[each.value.source_endpoint_key].endpoint_arn, aws_dms_s3_endpoint.this[each.value.source_endpoint_key].endpoint_arn)
  target_endpoint_arn       = try(each.value.target_endpoint_arn, aws_dms_endpoint.this[each.value.target_endpoint_key].endpoint_arn, aws_dms_s3_endpoint.this[each.value.target_endpoint_key].endpoint_arn)
  tags                      = merge(var.tags, try(each.value.tags, {}))
}

output "replication_instance_arn" { value = try(aws_dms_replication_instance.this[0].replication_instance_arn, null) }
output "endpoints" { value = aws_dms_endpoint.this }
