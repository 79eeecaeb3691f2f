"""Reading of recordings, as tolerant as their data allows: what one part lacks costs that part only."""
