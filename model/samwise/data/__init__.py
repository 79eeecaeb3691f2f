"""Referring video on disk: readers and writers of the layouts in which the data sets are published."""
