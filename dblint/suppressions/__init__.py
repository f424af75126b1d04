"""Findings that somebody accepted: in a comment beside the code, or in the settings."""
