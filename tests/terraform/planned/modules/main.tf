variable "environments" {
  type = map(object({
    instances = optional(number, 1)
    multi_az  = optional(bool)
    tags      = optional(map(string), {})
  }))
  default = {
    prod = { instances = 2, multi_az = true }
    dev  = { tags = { Cost = "low" } }
  }
}

resource "aws_kms_key" "shared" {}

module "network" {
  source = "./network"
  zones  = ["a", "b"]
}

module "db" {
  source   = "./db"
  for_each = var.environments

  name      = each.key
  instances = each.value.instances
  multi_az  = each.value.multi_az
  kms_key   = each.key == "prod" ? aws_kms_key.shared.arn : null
  subnets   = module.network.subnet_ids
  tags      = merge({ Environment = each.key }, each.value.tags)
}

resource "aws_db_snapshot" "first" {
  db_instance_identifier = module.db["prod"].identifiers[0]
  db_snapshot_identifier = "first"
}
