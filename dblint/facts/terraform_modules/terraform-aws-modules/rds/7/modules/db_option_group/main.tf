resource "aws_db_option_group" "this" {
  count = var.create ? 1 : 0
  name  = var.use_name_prefix ? null : var.name
  tags  = merge(var.tags, { Name = var.name })

  dynamic "option" {
    for_each = var.options != null ? var.options : []
    content {
      option_name                    = option.value.option_name
      port                           = try(option.value.port, null)
      version                        = try(option.value.version, null)
      db_security_group_memberships  = try(option.value.db_security_group_memberships, null)
      vpc_security_group_memberships = try(option.value.vpc_security_group_memberships, null)

      dynamic "option_settings" {
        for_each = try(option.value.option_settings, [])
        content {
          name  = try(option_settings.value.name, null)
          value = try(option_settings.value.value, null)
        }
      }
    }
  }
}

output "db_option_group_id" { value = try(aws_db_option_group.this[0].id, null) }
