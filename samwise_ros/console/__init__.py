"""A page in the browser: say what to follow, and watch it being followed.

The console knows a node by its topics, services and parameters alone.
"""
