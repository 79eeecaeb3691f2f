"""Layers that give the numbers of the usual ones, sooner or in a shape that a stream can use."""
