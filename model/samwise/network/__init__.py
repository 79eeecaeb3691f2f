"""The network of the paper's figure 2, one file per box. Nothing here has state."""
