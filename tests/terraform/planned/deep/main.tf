module "stack" {
  source = "./stack"
  teams = {
    red  = ["orders"]
    blue = ["users", "sessions"]
  }
}
