"""Training samples, and how they become batches."""
