"""Timing of the model part by part, and side by side with another implementation."""
