resource "aws_db_parameter_group" "this" {
  count  = var.create ? 1 : 0
  name   = var.use_name_prefix ? null : var.name
  family = var.family
  tags   = merge(var.tags, { Name = var.name })

  dynamic "parameter" {
    for_each = coalesce(var.parameters, [])
    content {
      name         = parameter.value.name
      value        = parameter.value.value
      apply_method = try(parameter.value.apply_method, null)
    }
  }
}

output "db_parameter_group_id" { value = try(aws_db_parameter_group.this[0].id, null) }
