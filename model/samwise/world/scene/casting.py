"""Decides who is in a scene: kinds, colours, sizes and motions that are easily confused."""

from dataclasses import dataclass, replace

import numpy as np

from samwise.world.objects import KINDS
from samwise.world.objects.palette import COLOURS
from samwise.world.scene.motion import DIRECTIONS, MOTIONS, verdict
from samwise.world.scene.splits import held_out_colour, held_out_motion

Region = tuple[float, float, float, float]

ANYWHERE: Region = (0.0, 0.0, 1.0, 1.0)
HALVES: tuple[tuple[Region, Region], ...] = (
    ((0.0, 0.0, 0.36, 1.0), (0.64, 0.0, 1.0, 1.0)),
    ((0.0, 0.0, 1.0, 0.36), (0.0, 0.64, 1.0, 1.0)),
)
"""Left and right, top and bottom, as x0, y0, x1, y1 in fractions of the frame."""


@dataclass(frozen=True)
class Role:
    """What one object shall be.

    Attributes:
        kind, colour: keys of `KINDS` and `COLOURS`.
        size: longest side at its largest, as a fraction of the frame's height.
        motion: one of `MOTIONS` or `PASSAGES`.
        region: where its centre shall be, in fractions of the frame.
        hides: index of the role in whose way it stands (None: nobody's).
        honest: whether it mostly faces the way it goes.
        reach: frame heights that it travels at least, if it travels.
    """

    kind: str
    colour: str
    size: float
    motion: str = "still"
    region: Region = ANYWHERE
    hides: int | None = None
    honest: bool = True
    reach: float = 0.0


class Agency:
    """Draws kinds, colours and motions, keeping to the pairs that its split allows.

    Args:
        rng: random generator.
        moving: whether the video is long enough to show motion.
        unseen: whether held-out pairs are wanted, rather than forbidden.
    """

    def __init__(self, rng: np.random.Generator, moving: bool, unseen: bool) -> None:
        self.rng = rng
        self.moving = moving
        self.unseen = unseen
        self.kinds = list(KINDS)
        self.colours = list(COLOURS)

    def _one(self, options: list[str]) -> str:
        return options[int(self.rng.integers(len(options)))]

    def kind(self, *but: str, colour: str | None = None) -> str:
        """A kind other than `but`, allowed in `colour`."""
        return self._one([k for k in self.kinds if k not in but and self._wearable(k, colour)])

    def _wearable(self, kind: str, colour: str | None) -> bool:
        return self.unseen or colour is None or held_out_colour(kind) != colour

    def colour(self, kind: str, *but: str) -> str:
        """A colour for `kind` other than `but`; in `unseen` mostly the one that training never shows."""
        rare = held_out_colour(kind)
        if self.unseen and rare not in but and self.rng.random() < 0.5:
            return rare
        return self._one([c for c in self.colours if c not in but and self._wearable(kind, c)])

    def motion(self, kind: str, *but: str) -> str:
        """A motion for `kind` that nobody could call one of `but`; "still" in single pictures."""
        if not self.moving:
            return "still"
        rare = held_out_motion(kind)
        if self.unseen and self.rng.random() < 0.4 and all(distinct(rare, other) for other in but):
            return rare
        fits = [m for m in MOTIONS if self.may(kind, m) and all(distinct(m, other) for other in but)]
        return self._one(fits) if fits else "still"

    def may(self, kind: str, motion: str) -> bool:
        """Whether `kind` can move so: the video is long enough, and the split allows it."""
        return self.moving and (self.unseen or held_out_motion(kind) != motion)

    def any_motion(self, kind: str) -> str:
        """Still as often as not, else any motion."""
        return "still" if self.rng.random() < 0.4 else self.motion(kind)

    def size(self) -> float:
        """A common size."""
        return float(self.rng.uniform(0.22, 0.46))

    def role(self, kind: str, colour: str) -> Role:
        """Someone of any size and motion."""
        return Role(kind, colour, self.size(), self.any_motion(kind))

    def bystander(self, *but: str) -> Role:
        """Anybody whose kind is not one of `but`."""
        kind = self.kind(*but)
        return self.role(kind, self.colour(kind))


def distinct(first: str, second: str) -> bool:
    """Whether nobody could take one motion for the other."""
    if first == second:
        return False
    axis = "left" if first in ("starting", "stopping", "turning") else ""
    other = "left" if second in ("starting", "stopping", "turning") else ""
    crossing = {first, second} & set(DIRECTIONS) and (axis or other)
    return not crossing and verdict(first, axis, second) is False and verdict(second, other, first) is False


def appearance(agency: Agency) -> list[Role]:
    """The target, one of its kind in another colour, one of its colour of another kind."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    cast = [agency.role(kind, colour), agency.role(kind, agency.colour(kind, colour))]
    if rng.random() < 0.8:
        cast.append(agency.role(agency.kind(kind, colour=colour), colour))
    if rng.random() < 0.3:
        cast.append(agency.role(kind, agency.colour(kind, colour, cast[1].colour)))
    return cast


def place(agency: Agency) -> list[Role]:
    """Twins that differ only in where they are."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    halves = HALVES[0 if rng.random() < 0.65 else 1]
    size = min(agency.size(), 0.36)
    cast = []
    for region in halves:
        motion = agency.any_motion(kind)
        shade = colour if rng.random() < 0.75 else agency.colour(kind)
        cast.append(Role(kind, shade, size, motion if motion not in DIRECTIONS else "still", region))
    if rng.random() < 0.3:
        cast.append(Role(kind, colour, size, "still", (0.42, 0.42, 0.58, 0.58)))
    return cast


def size(agency: Agency) -> list[Role]:
    """Twins that differ only in size."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    big = rng.uniform(0.4, 0.52)
    cast = [Role(kind, colour, big), Role(kind, colour, big * rng.uniform(0.42, 0.58))]
    if rng.random() < 0.3:
        cast.append(Role(kind, agency.colour(kind), cast[1].size))
    moves = [m for m in (agency.any_motion(kind) for _ in cast) if m not in ("growing", "shrinking")]
    return [replace(role, motion=m) for role, m in zip(cast, moves + ["still"] * len(cast), strict=False)]


def motion(agency: Agency) -> list[Role]:
    """Twins that differ only in how they move."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    alike = rng.random() < 0.75
    size = min(agency.size(), 0.38)
    cast: list[Role] = []
    for _ in range(2 if rng.random() < 0.6 else 3):
        taken = [r.motion for r in cast]
        move = "still" if not cast and rng.random() < 0.3 else agency.motion(kind, *taken)
        if move in taken:
            break
        shade = colour if alike else agency.colour(kind)
        cast.append(Role(kind, shade, size * rng.uniform(0.92, 1.08), move, honest=rng.random() < 0.3))
    return cast


def relation(agency: Agency) -> list[Role]:
    """Twins on either side of a landmark."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    sides = HALVES[0 if rng.random() < 0.65 else 1]
    size = min(agency.size(), 0.32)
    landmark = agency.kind(kind)
    calm = [m for m in ("still", "shaking", "bouncing") if m == "still" or agency.may(kind, m)]
    cast = [Role(kind, colour, size, calm[int(rng.integers(len(calm)))], region) for region in sides]
    middle: Region = (0.38, 0.38, 0.62, 0.62)
    return [*cast, Role(landmark, agency.colour(landmark), agency.size() * 0.85, "still", middle)]


def passage(agency: Agency) -> list[Role]:
    """Twins of which one comes in late, or goes away."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    alike = rng.random() < 0.6
    size = min(agency.size(), 0.4)
    going = "entering" if rng.random() < 0.7 else "leaving"
    cast = [Role(kind, colour, size, going)]
    for _ in range(1 if rng.random() < 0.7 else 2):
        shade = colour if alike else agency.colour(kind, colour)
        cast.append(Role(kind, shade, size * rng.uniform(0.85, 1.1), agency.any_motion(kind)))
    if rng.random() < 0.4:
        cast.append(agency.role(agency.kind(kind, colour=colour), colour))
    return cast


def newcomer(agency: Agency) -> list[Role]:
    """The target comes in after one of its kind in another colour has been there."""
    kind = agency.kind()
    colour = agency.colour(kind)
    size = min(agency.size(), 0.4)
    cast = [Role(kind, colour, size, "entering")]
    cast.append(Role(kind, agency.colour(kind, colour), size, agency.any_motion(kind)))
    cast.append(agency.role(agency.kind(kind, colour=colour), colour))
    return cast


def occlusion(agency: Agency) -> list[Role]:
    """The target passes behind something large, or something passes in front of it."""
    rng = agency.rng
    kind = agency.kind()
    colour = agency.colour(kind)
    middle: Region = (0.3, 0.3, 0.7, 0.7)
    cover = kind if rng.random() < 0.3 else agency.kind(kind)
    across = [m for m in ("left", "right") if agency.may(kind, m)]
    cross = [m for m in ("left", "right") if agency.may(cover, m)]
    walks = rng.random() < 0.5
    target_move = across[int(rng.integers(len(across)))] if walks else "still"
    cover_move = "still" if walks else cross[int(rng.integers(len(cross)))]
    target = Role(kind, colour, rng.uniform(0.24, 0.34), target_move, middle, reach=0.55)
    tint = agency.colour(cover, colour)
    cast = [target, Role(cover, tint, rng.uniform(0.3, 0.44), cover_move, middle, hides=0, reach=0.55)]
    cast.append(agency.role(kind, agency.colour(kind, colour)))
    return cast


RECIPES = {
    "appearance": appearance,
    "place": place,
    "size": size,
    "motion": motion,
    "relation": relation,
    "passage": passage,
    "newcomer": newcomer,
    "occlusion": occlusion,
}

SHARES: dict[str, dict[str, float]] = {
    "train": {"appearance": 0.22, "place": 0.11, "size": 0.06, "motion": 0.28, "relation": 0.09,
              "passage": 0.16, "occlusion": 0.08},
    "appearance": {"appearance": 1.0},
    "motion": {"motion": 1.0},
    "late": {"newcomer": 0.5, "passage": 0.3, "motion": 0.2},
    "occlusion": {"occlusion": 1.0},
    "absent": {"appearance": 0.35, "motion": 0.3, "passage": 0.35},
    "unseen": {"appearance": 0.4, "motion": 0.35, "place": 0.15, "passage": 0.1},
    "parade": {"motion": 0.7, "passage": 0.3},
    "arrivals": {"newcomer": 0.5, "passage": 0.25, "occlusion": 0.25},
}  # fmt: skip
"""How often each split draws each recipe."""
SHARES["crowd"] = SHARES["train"]

CROWD = (10, 17)
"""How many things a crowd has: at least, and fewer than."""

GATHERINGS = {"parade": 9, "arrivals": 7}
"""Fewest things in the splits whose scenes have several recipes, so that their sentences are about many."""

NEEDS_MOTION = ("motion", "passage", "newcomer", "occlusion")


def _recipe(split: str, agency: Agency) -> str:
    shares = {k: v for k, v in SHARES[split].items() if agency.moving or k not in NEEDS_MOTION}
    shares = shares or {"appearance": 1.0}
    draw, chosen = agency.rng.random() * sum(shares.values()), ""
    for name, share in shares.items():
        chosen = name
        draw -= share
        if draw < 0:
            break
    return chosen


def cast_for(split: str, agency: Agency) -> list[Role]:
    """The roles of one scene: a recipe's confusable ones first, then up to six in all, or more recipes."""
    rng = agency.rng
    chosen = _recipe(split, agency)
    cast = RECIPES[chosen](agency)
    if split in GATHERINGS:
        while len(cast) < GATHERINGS[split]:
            more, before = RECIPES[_recipe(split, agency)](agency), len(cast)
            cast += [r if r.hides is None else replace(r, hides=r.hides + before) for r in more]
        return cast
    if split == "crowd":
        wanted = int(rng.integers(*CROWD))
    else:
        wanted = int(rng.integers(max(2, len(cast)), 7 if rng.random() < 0.4 else 5))
    while len(cast) < wanted:
        if rng.random() < 0.3 and chosen not in ("motion", "passage"):
            kind = cast[0].kind
            cast.append(agency.role(kind, agency.colour(kind, cast[0].colour)))
        else:
            cast.append(agency.bystander(cast[0].kind))
    return cast
