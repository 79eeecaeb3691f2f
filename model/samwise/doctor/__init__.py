"""What a machine has for running a model, what is wrong with it, and which settings suit it."""
