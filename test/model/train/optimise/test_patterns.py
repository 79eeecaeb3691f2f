import pytest

from samwise.errors import ConfigurationError
from samwise.train.optimise.patterns import matching

NAMES = ("cme.head", "memory.read", "memory.write")


def test_a_name_is_taken_that_any_pattern_matches():
    assert matching(NAMES, ["memory.*", "*.read"], "parameter") == {"memory.read", "memory.write"}
    assert matching(NAMES, [], "parameter") == set()


def test_a_pattern_without_a_match_is_named():
    with pytest.raises(ConfigurationError, match=r"no parameter is called like 'Memory\.\*'"):
        matching(NAMES, ["cme.*", "Memory.*"], "parameter")
