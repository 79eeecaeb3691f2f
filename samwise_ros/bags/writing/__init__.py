"""Bags that appear whole or not at all, and recordings that can be read while they are written."""
