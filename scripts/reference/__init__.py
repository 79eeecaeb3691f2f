"""Pages of the reference that are written out of the code whenever the site is built."""
