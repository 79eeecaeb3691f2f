import pytest
from torch import nn

from samwise.bench.parts import Probe
from samwise.bench.stopwatch import metered
from samwise.errors import SamwiseError


class House(nn.Module):
    """Every call moves the hand of a clock that nothing else moves."""

    def __init__(self):
        super().__init__()
        self.now = 0.0

    def walls(self):
        self.now += 1
        return "walls"

    def roof(self):
        self.walls()
        self.now += 10

    def paint(self, storey):
        self.now += 100 * storey

    def burn(self):
        self.now += 1000
        raise RuntimeError("fire")


def test_rows_add_up_over_calls():
    house = House()
    with metered([Probe(house, "walls", "walls")], lambda: house.now) as sums:
        assert house.walls() == "walls"
        house.now += 7
        house.walls()
    assert sums == {"walls": 2}


def test_an_inner_call_counts_for_the_outer_one_only():
    house = House()
    probes = [Probe(house, "walls", "walls"), Probe(house, "roof", "roof")]
    with metered(probes, lambda: house.now) as sums:
        house.roof()
        house.walls()
    assert sums == {"roof": 11, "walls": 1}


def test_the_row_may_depend_on_the_arguments():
    house = House()
    with metered([Probe(house, "paint", lambda args: f"storey {args[0]}")], lambda: house.now) as sums:
        house.paint(1)
        house.paint(2)
    assert sums == {"storey 1": 100, "storey 2": 200}


def test_everything_is_put_back_even_a_method_that_had_been_replaced():
    house = House()

    def replaced():
        return "replaced"

    vars(house)["walls"] = replaced
    with metered([Probe(house, "walls", "walls"), Probe(house, "roof", "roof")], lambda: house.now):
        assert house.walls() == "replaced"
    assert vars(house)["walls"] is replaced and "roof" not in vars(house)


def test_a_call_that_fails_is_metered_and_later_ones_still_are():
    house = House()
    with metered([Probe(house, "burn", "burn"), Probe(house, "walls", "walls")], lambda: house.now) as sums:
        with pytest.raises(RuntimeError, match="fire"):
            house.burn()
        house.walls()
    assert sums == {"burn": 1000, "walls": 1}


def test_a_method_that_is_not_there_is_named_and_the_others_are_put_back():
    house = House()
    probes = [Probe(house, "walls", "walls"), Probe(house, "cellar", "cellar")]
    with (
        pytest.raises(SamwiseError, match="House has no 'cellar'"),
        metered(probes, lambda: house.now),
    ):
        pass
    assert "walls" not in vars(house)
