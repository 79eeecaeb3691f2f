"""Scenes for `make live`: something to look at, published as a camera would, with sentences that fit it."""
