resource "aws_db_subnet_group" "this" {
  count      = var.create ? 1 : 0
  name       = var.use_name_prefix ? null : var.name
  subnet_ids = var.subnet_ids
  tags       = merge(var.tags, { Name = var.name })
}

output "db_subnet_group_id" { value = try(aws_db_subnet_group.this[0].id, null) }
