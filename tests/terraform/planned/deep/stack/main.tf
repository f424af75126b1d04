variable "teams" {
  type = map(list(string))
}

locals {
  all = flatten([for team, names in var.teams : [for name in names : { key = "${team}/${name}", team = team }]])
}

module "table" {
  source   = "./table"
  for_each = { for one in local.all : one.key => one }
  name     = basename(each.key)
  team     = each.value.team
}

output "arns" {
  value = { for key, table in module.table : key => table.arn }
}
