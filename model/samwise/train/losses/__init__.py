"""What training asks for: losses of masks and presence, the frame-by-frame unrolling, labels of the CME."""
