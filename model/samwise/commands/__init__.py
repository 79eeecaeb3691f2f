"""Subcommands of `samwise`, one module each."""
