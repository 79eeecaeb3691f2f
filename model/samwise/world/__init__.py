"""An endless, seeded world of referring video: frames, sentences and exact masks."""

from samwise.world.generate import Referral, Video, generate
from samwise.world.grammar import vocabulary
from samwise.world.splits import SPLITS

__all__ = ["SPLITS", "Referral", "Video", "generate", "vocabulary"]
