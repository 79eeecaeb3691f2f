"""The demo: a recorded scene through DDS to the segmenter, and a report of what came out."""
