"""Names of topics are written down once."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

import samwise_ros
from samwise_ros import topics

PACKAGE = Path(samwise_ros.__file__).parent
LAUNCH = Path(__file__).parents[2] / "launch"
NAMES = {value for name, value in vars(topics).items() if name.isupper() and isinstance(value, str)}
#: As they appear in the middle of a text, an f-string say: "/mask", "~/mask".
FORBIDDEN = {form for name in NAMES for form in (name, f"/{name.lstrip('/')}", f"~/{name}") if "/" in form}
#: The segmenter's launch files start it under these names.
STARTED = ("demo.launch.py", "bag.launch.py")


def literals(file: Path) -> Iterator[str]:
    """Every text in a file of Python that is no docstring, and the fixed parts of its f-strings."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            yield node.value


@pytest.mark.parametrize(
    "file",
    sorted(file for file in PACKAGE.rglob("*.py") if file != PACKAGE / "topics.py"),
    ids=lambda file: str(file.relative_to(PACKAGE)),
)
def test_no_other_module_spells_out_a_topic(file: Path) -> None:
    assert sorted(FORBIDDEN.intersection(literals(file))) == []


@pytest.mark.parametrize("name", STARTED)
def test_launch_files_name_topics_that_there_are(name: str) -> None:
    spelled = {text for text in literals(LAUNCH / name) if text.startswith("/")}
    assert spelled and spelled <= NAMES


def test_a_topic_of_a_node() -> None:
    assert topics.private(topics.MASK) == "~/mask"
    assert topics.topic_of("/front/segmenter", topics.MASK) == "/front/segmenter/mask"
    assert topics.topic_of(topics.SEGMENTER, topics.MASK) == topics.MASK_TOPIC
