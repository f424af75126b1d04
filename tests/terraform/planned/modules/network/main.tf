variable "zones" {
  type = list(string)
}

resource "aws_subnet" "this" {
  for_each   = toset(var.zones)
  vpc_id     = "vpc-1"
  cidr_block = cidrsubnet("10.0.0.0/16", 8, index(var.zones, each.value))
}

output "subnet_ids" {
  value = values(aws_subnet.this)[*].id
}
