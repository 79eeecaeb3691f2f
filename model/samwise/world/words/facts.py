"""What is true of the objects of a filmed scene, where True, False and "people could disagree" differ."""

import numpy as np
import numpy.typing as npt

from samwise.world.drawing.render import Footage
from samwise.world.scene.motion import verdict
from samwise.world.scene.staging import Actor, Stage

Truth = bool | None

MOTION_FRAMES = 4
"""Fewer frames than this show no motion that a sentence may speak of."""

SEEN_PIXELS = 20
SEEN_SHARE = 0.1
TARGET_SHARE = 0.35


class Facts:
    """Judges places, sizes, relations and motions.

    Args:
        stage: the scene.
        footage: what the camera saw of it.

    Attributes:
        actors: of the stage, in its order.
        count: number of actors.
        share: float [N, T], visible part of each actor, 0 to 1.
        seen: bool [N, T], where enough of an actor shows to speak of its place.
        present: bool [N], actors of which anything shows at any time; nobody can mean the others.
        worthy: bool [N], actors that show well enough to be a sentence's target.
    """

    def __init__(self, stage: Stage, footage: Footage) -> None:
        self.actors: tuple[Actor, ...] = stage.actors
        self.count = len(stage.actors)
        self._frames = len(footage.frames)
        self._height, self._width = footage.frames.shape[1:3]
        labels = range(1, self.count + 1)
        counts = [[np.count_nonzero(picture == n) for picture in footage.owners] for n in labels]
        visible: npt.NDArray[np.int64] = np.array(counts, np.int64)
        self.share: npt.NDArray[np.float64] = visible / np.maximum(footage.areas, 1)
        self.seen: npt.NDArray[np.bool_] = (visible >= SEEN_PIXELS) & (self.share >= SEEN_SHARE)
        self.present: npt.NDArray[np.bool_] = np.asarray(visible.any(axis=1))
        clear = ((self.share >= TARGET_SHARE) & (visible >= 3 * SEEN_PIXELS)).sum(axis=1)
        self.worthy: npt.NDArray[np.bool_] = clear >= max(1, round(self._frames * 0.3))
        self._boxes = footage.boxes.astype(np.float64)
        self._centres = (self._boxes[:, :, :2] + self._boxes[:, :, 2:]) / 2
        self.sizes: npt.NDArray[np.float64] = (self._boxes[:, :, 2:] - self._boxes[:, :, :2]).max(axis=(1, 2))

    def moves(self, index: int, claim: str) -> Truth:
        """Whether the actor makes the motion `claim`, "moving" included."""
        if self._frames < MOTION_FRAMES:
            return None
        actor = self.actors[index]
        motion = actor.path.motion
        truth = verdict(motion, actor.path.direction, claim)
        if truth is False and not self.seen[index].all() and motion not in ("entering", "leaving"):
            # It may look as if it came in or went away, whatever its path is called.
            moment = {"entering": 0, "leaving": -1}.get(claim)
            return None if moment is not None and not self.seen[index, moment] else False
        return truth

    def place(self, index: int, place: str) -> Truth:
        """Whether the actor keeps to the left, right, top, bottom or middle of the frame."""
        seen = self.seen[index]
        if not seen.any():
            return None
        x = self._centres[index, seen, 0] / self._width
        y = self._centres[index, seen, 1] / self._height
        if place == "middle":
            dx, dy = abs(x - 0.5), abs(y - 0.5)
            near, far = (dx < 0.13) & (dy < 0.2), (dx > 0.22) | (dy > 0.3)
        else:
            along = {"left": x, "right": 1 - x, "top": y, "bottom": 1 - y}[place]
            near, far = along < 0.4, along > 0.55
        return True if near.all() else False if far.all() else None

    def first(self, indices: list[int], rank: str) -> int | None:
        """The one of `indices` that is leftmost, rightmost, topmost, lowest, big or small.

        Args:
            indices: of actors that fit everything else.
            rank: see `Query`.

        Returns:
            Its index, or None where there is nothing to compare or no clear winner.
        """
        if len(indices) < 2:
            return None
        if rank in ("big", "small"):
            if any(self.actors[i].path.motion in ("growing", "shrinking") for i in indices):
                return None
            order = sorted(indices, key=lambda i: -self.sizes[i] if rank == "big" else self.sizes[i])
            one, other = self.sizes[order[0]], self.sizes[order[1]]
            return order[0] if max(one, other) > 1.4 * min(one, other) else None
        if not all(self.seen[i].all() for i in indices):
            return None
        axis, sign = {"leftmost": (0, 1), "rightmost": (0, -1), "topmost": (1, 1), "lowest": (1, -1)}[rank]
        along = self._centres[:, :, axis] * sign
        order = sorted(indices, key=lambda i: along[i].mean())
        margin = 0.1 * self._height
        clear = all((along[i] - along[order[0]] > margin).all() for i in order[1:])
        return order[0] if clear else None

    def related(self, index: int, relation: str, landmark: int) -> Truth:
        """Whether the actor is left, right, above, below, beside, before or behind the landmark."""
        both = self.seen[index] & self.seen[landmark]
        if index == landmark:
            return False
        if not both.any() or both.sum() < 0.6 * self._frames:
            return None
        gap = (self._centres[index, both] - self._centres[landmark, both]) / self._height
        dx, dy = gap[:, 0], gap[:, 1]
        if relation in ("before", "behind"):
            return self._layered(index, relation, landmark, both)
        if relation == "beside":
            a, b = self._boxes[index, both], self._boxes[landmark, both]
            apart = np.maximum(a[:, :2], b[:, :2]) - np.minimum(a[:, 2:], b[:, 2:])
            distance = apart.max(axis=1) / self._height
            return True if (distance < 0.07).all() else False if (distance > 0.2).all() else None
        along, across = (dx, dy) if relation in ("left", "right") else (dy, dx)
        along = -along if relation in ("left", "above") else along
        true = (along > 0.16) & (abs(across) < 1.2 * along)
        return True if true.all() else False if (along < 0.02).all() else None

    def _layered(self, index: int, relation: str, landmark: int, both: npt.NDArray[np.bool_]) -> Truth:
        a, b = self._boxes[index, both], self._boxes[landmark, both]
        overlap = (np.minimum(a[:, 2:], b[:, 2:]) - np.maximum(a[:, :2], b[:, :2])).min(axis=1)
        if (overlap < 0).all():
            return False
        nearer = self.actors[index].depth > self.actors[landmark].depth
        hidden = self.share[landmark if nearer else index, both]
        if (hidden < 0.85).all():
            return nearer == (relation == "before")
        return None
