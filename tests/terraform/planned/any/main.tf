variable "tables" {
  type = map(object({
    name     = optional(string)
    settings = any
  }))
  default = {
    named = {
      name     = "given"
      settings = { pitr = true }
    }
    unnamed = { settings = { pitr = false } }
  }
}

variable "replicas" {
  type = list(object({
    region = string
    pitr   = optional(bool, true)
    more   = any
  }))
  default = [{ region = "us-east-1", more = {} }, { region = "eu-west-1", pitr = false, more = {} }]
}

resource "aws_dynamodb_table" "this" {
  for_each = var.tables
  name     = coalesce(each.value.name, each.key)
  hash_key = "id"

  point_in_time_recovery {
    enabled = each.value.settings.pitr
  }
  dynamic "replica" {
    for_each = var.replicas
    content {
      region_name            = replica.value.region
      point_in_time_recovery = replica.value.pitr
    }
  }
}
