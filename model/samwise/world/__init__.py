"""An endless, seeded world of referring video: frames, sentences and exact masks."""

from samwise.world.generate import generate
from samwise.world.scene.splits import SPLITS
from samwise.world.words.grammar import vocabulary

__all__ = ["SPLITS", "generate", "vocabulary"]
