"""Who is in a scene, where, and how it moves."""
