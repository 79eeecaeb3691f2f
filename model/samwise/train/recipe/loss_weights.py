"""How much each loss counts."""

from __future__ import annotations

from dataclasses import dataclass

from samwise.shell.spans import Factor, check


@dataclass(frozen=True)
class LossWeights:
    """Factors of the losses; a loss of weight 0 is not computed.

    Attributes:
        focal: of the focal loss on the masks.
        dice: of the Dice loss on the masks.
        jaccard: of the Jaccard loss on the masks.
        object_score: of the presence score's cross-entropy.
        absent: of frames without target in that cross-entropy, next to 1 for the others.
        memoryless: of those above, together, once more on the memory-less branch.
        decision: of the CME's cross-entropy.
        alignment: of the plain product of sentences and pixels (`alignment_loss`).
        semantics: of naming kind and colour of every pixel (`Semantics`).
        shift: of telling from what HSA says how far every pixel's object has come lately (`Movement`). Masks
            of sentences alone teach HSA next to nothing of that.
        motion: of telling from it what every pixel's object does.
    """

    focal: Factor = 1.0
    dice: Factor = 1.0
    jaccard: Factor = 0.0
    object_score: Factor = 0.0
    absent: Factor = 1.0
    memoryless: Factor = 0.0
    decision: Factor = 0.0
    alignment: Factor = 0.0
    semantics: Factor = 0.0
    shift: Factor = 0.0
    motion: Factor = 0.0

    def __post_init__(self) -> None:
        """Reject weights below 0."""
        check(self, "losses")

    @property
    def decode(self) -> bool:
        """Whether any of them looks at what the mask decoder says."""
        return max(self.focal, self.dice, self.jaccard, self.object_score) > 0

    @property
    def know_pixels(self) -> bool:
        """Whether any of them asks for what only the synthetic world knows of every pixel."""
        return self.semantics > 0 or self.know_movement

    @property
    def know_movement(self) -> bool:
        """Whether any of them asks HSA for movement."""
        return max(self.shift, self.motion) > 0
