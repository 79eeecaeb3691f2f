"""Subcommands of `samwise`, a module each."""
