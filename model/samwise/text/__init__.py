"""Sentences, before a network sees them."""
