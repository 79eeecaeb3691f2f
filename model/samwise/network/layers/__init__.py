"""Layers that compute what the usual ones do, faster or in a form that a stream can use."""
