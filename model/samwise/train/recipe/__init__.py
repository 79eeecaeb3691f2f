"""What a training run is, as its configuration says."""
