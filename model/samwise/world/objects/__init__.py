"""Every kind of object that the world can draw."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from samwise.world.objects import animals, household, nature, vehicles
from samwise.world.objects.pen import Pen

Draw = Callable[[Pen, np.random.Generator], None]


@dataclass(frozen=True)
class Kind:
    """One kind of object.

    Attributes:
        draw: draws it in the unit box of a `Pen`, facing right.
        nouns: words that name it, the most usual first.
        phases: pictures in its cycle of movement (1: it has none).
    """

    draw: Draw
    nouns: tuple[str, ...]
    phases: int = 1


KINDS: dict[str, Kind] = {
    "car": Kind(vehicles.car, ("car", "automobile"), 4),
    "truck": Kind(vehicles.truck, ("truck", "lorry"), 4),
    "bus": Kind(vehicles.bus, ("bus",), 4),
    "plane": Kind(vehicles.plane, ("plane", "airplane")),
    "boat": Kind(vehicles.boat, ("boat", "ship")),
    "balloon": Kind(vehicles.balloon, ("balloon",)),
    "dog": Kind(animals.dog, ("dog", "puppy"), 4),
    "cat": Kind(animals.cat, ("cat", "kitten"), 4),
    "bird": Kind(animals.bird, ("bird",), 4),
    "fish": Kind(animals.fish, ("fish",), 4),
    "turtle": Kind(animals.turtle, ("turtle", "tortoise"), 4),
    "butterfly": Kind(animals.butterfly, ("butterfly",), 4),
    "person": Kind(animals.person, ("person", "human"), 4),
    "robot": Kind(animals.robot, ("robot",), 4),
    "cup": Kind(household.cup, ("cup", "mug")),
    "bottle": Kind(household.bottle, ("bottle",)),
    "lamp": Kind(household.lamp, ("lamp",)),
    "book": Kind(household.book, ("book",)),
    "clock": Kind(household.clock, ("clock",)),
    "chair": Kind(household.chair, ("chair", "seat")),
    "key": Kind(household.key, ("key",)),
    "hat": Kind(household.hat, ("hat",)),
    "umbrella": Kind(household.umbrella, ("umbrella",)),
    "ball": Kind(household.ball, ("ball",), 8),
    "tree": Kind(nature.tree, ("tree",)),
    "flower": Kind(nature.flower, ("flower",)),
    "mushroom": Kind(nature.mushroom, ("mushroom",)),
    "star": Kind(nature.star, ("star",)),
    "apple": Kind(nature.apple, ("apple",)),
    "house": Kind(nature.house, ("house",)),
}
