"""What a recording shows and what the node said about it, in numbers and pictures. Reads bags only."""
