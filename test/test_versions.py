"""There is one version, and every file that states it states the same."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PLACES = {
    "model/pyproject.toml": r'^version = "(.+)"',
    "package.xml": r"<version>(.+)</version>",
    "samwise_msgs/package.xml": r"<version>(.+)</version>",
    "setup.py": r'version="(.+)"',
    "CITATION.cff": r"^version: (.+)",
}


@pytest.mark.parametrize("place", PLACES)
def test_the_version_is_that_of_package_xml(place):
    def stated(name):
        (version,) = re.findall(PLACES[name], (ROOT / name).read_text(encoding="utf-8"), re.MULTILINE)
        return version

    assert stated(place) == stated("package.xml")
