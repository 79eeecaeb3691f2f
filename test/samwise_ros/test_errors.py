"""Whoever catches the one root of the errors catches all that this package raises on purpose."""

import importlib
import pkgutil

import pytest

import samwise_ros
from samwise_ros.errors import SamwiseRosError

MODULES = sorted(
    module.name
    for module in pkgutil.walk_packages(samwise_ros.__path__, "samwise_ros.")
    if not module.name.endswith("__main__")
)


def test_the_rooms_are_walked() -> None:
    assert {"samwise_ros.bags.errors", "samwise_ros.console.errors", "samwise_ros.pipeline"} <= set(MODULES)


@pytest.mark.parametrize("name", MODULES)
def test_every_error_has_the_one_root(name: str) -> None:
    own = [
        value
        for value in vars(importlib.import_module(name)).values()
        if isinstance(value, type) and issubclass(value, BaseException) and value.__module__ == name
    ]
    assert [error for error in own if not issubclass(error, SamwiseRosError)] == []
