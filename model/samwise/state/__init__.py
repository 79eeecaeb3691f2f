"""What a stream remembers from one frame to the next."""
