"""Hears sentences and commands in speech, on this machine, and passes them on."""
