"""Training: losses, stages and the loop that runs them. Inference never imports this package."""
