"""Refusals of supervision, a file for each part."""
