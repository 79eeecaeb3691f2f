"""Makes the fixtures for talking to the node known to the tests of this folder."""

from integration.fixtures import ros, seeded_checkpoint

__all__ = ["ros", "seeded_checkpoint"]
