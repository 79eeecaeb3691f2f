"""The page: one module for each of its panels. They read the watch, and ask through the commands."""
