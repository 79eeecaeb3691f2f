"""Trains and scores variants of the model, to see what each part is good for."""
