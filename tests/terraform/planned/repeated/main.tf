variable "names" {
  type    = list(string)
  default = ["a", "b"]
}

locals {
  tables = {
    sessions  = { ttl = true, pitr = false }
    orders    = { ttl = false, pitr = true }
    "odd key" = {}
  }
}

resource "aws_dynamodb_table" "each" {
  for_each     = local.tables
  name         = "prod-${replace(each.key, " ", "-")}"
  hash_key     = "id"
  billing_mode = "PAY_PER_REQUEST"

  point_in_time_recovery {
    enabled = lookup(each.value, "pitr", false)
  }
  dynamic "ttl" {
    for_each = try(each.value.ttl, false) ? ["expires"] : []
    content {
      enabled        = true
      attribute_name = ttl.value
    }
  }
}

resource "aws_elasticache_subnet_group" "counted" {
  count      = length(var.names)
  name       = var.names[count.index]
  subnet_ids = ["subnet-1"]
}

resource "aws_elasticache_replication_group" "counted" {
  count                      = length(var.names)
  replication_group_id       = "cache-${count.index}"
  description                = "x"
  subnet_group_name          = aws_elasticache_subnet_group.counted[count.index].name
  automatic_failover_enabled = count.index == 0
  num_cache_clusters         = count.index + 1
  at_rest_encryption_enabled = true
}

output "tables" {
  value = [for table in aws_dynamodb_table.each : table.arn]
}
