environment = "prod"
cluster     = { nodes = 1 }
