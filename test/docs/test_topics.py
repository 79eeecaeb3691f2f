"""The page of topics names every topic of the nodes."""

from pathlib import Path

import pytest

from samwise_ros import topics

PAGE = (Path(__file__).parents[2] / "docs" / "reference" / "topics.md").read_text(encoding="utf-8")
RELATIVE = (topics.IMAGE, topics.EXPRESSION, topics.AUDIO, topics.AUDIO_INFO)
PRIVATE = (topics.MASK, topics.TARGET, topics.TARGET_SWITCHED, topics.OVERLAY, topics.HEARD)
WHOLE = (topics.IMAGE_TOPIC, topics.EXPRESSION_TOPIC, topics.GROUND_TRUTH_TOPIC, topics.SUGGESTIONS_TOPIC)


@pytest.mark.parametrize("name", [*RELATIVE, *(f"~/{name}" for name in PRIVATE), *WHOLE])
def test_a_topic_has_its_row(name: str) -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("|")]
    assert any(f"`{name}`" in cell for cell in rows)
