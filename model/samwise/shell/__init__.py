"""What every command has in common: numbers with ranges, a quiet end, results that take their place whole."""
