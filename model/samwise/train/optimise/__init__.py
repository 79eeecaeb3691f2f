"""How parameters are chosen, updated, averaged and shared between processes."""
