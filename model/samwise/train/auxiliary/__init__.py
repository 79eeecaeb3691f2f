"""Heads that only training has, and only the miniature needs: they teach it to see and to tell motion."""
