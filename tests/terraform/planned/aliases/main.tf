provider "aws" {
  region = "eu-west-1"
}

provider "aws" {
  alias  = "far"
  region = "us-east-1"
}

module "near" {
  source = "./db"
  name   = "near"
}

module "far" {
  source    = "./db"
  name      = "far"
  source_db = module.near.arn
  providers = { aws = aws.far }
}
