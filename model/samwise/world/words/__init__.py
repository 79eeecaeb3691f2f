"""What is true of a scene, and sentences that say it."""
