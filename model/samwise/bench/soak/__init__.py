"""Long streams with memory watched: does a session keep what it will never read again?"""
