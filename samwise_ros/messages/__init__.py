"""Between arrays and messages. Knows neither nodes nor bags."""
