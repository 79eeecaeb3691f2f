"""What every process here has in common: its node, its children, its log lines and its end."""
