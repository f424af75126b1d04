variable "environment" {
  type = string
}

variable "sizes" {
  type    = map(number)
  default = {}
}

variable "cluster" {
  type = object({
    nodes = number
    open  = optional(bool, true)
  })
}

resource "aws_redshift_cluster" "this" {
  cluster_identifier  = "dw-${var.environment}"
  node_type           = "ra3.large"
  number_of_nodes     = var.cluster.nodes
  publicly_accessible = var.cluster.open
  encrypted           = var.environment == "prod"
  port                = lookup(var.sizes, "port", 5439)
}
