"""Video: frames in, masks and pictures out. Knows no network and, but for masks' results, no torch."""
