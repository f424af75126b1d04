"""Terraform's functions. Each group is imported when one of it is called."""
