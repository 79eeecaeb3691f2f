"""The network of the paper's figure 2, a box a file. Nothing here has state."""
