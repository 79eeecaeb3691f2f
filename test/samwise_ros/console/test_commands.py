from __future__ import annotations

from typing import Any

import pytest

from samwise_ros.console.commands import SENTENCES_AT_ONCE, Commands
from samwise_ros.console.errors import Refused
from samwise_ros.console.graph import Offer
from samwise_ros.console.limits import MAX_CHARACTERS


class Node:
    """Publishes into a list."""

    def __init__(self) -> None:
        self.said: list[tuple[str, str]] = []

    def create_client(self, kind: Any, name: str) -> None:
        return None

    def create_publisher(self, kind: Any, topic: str, qos: Any) -> Any:
        node = self

        class Publisher:
            def publish(self, message: Any) -> None:
                node.said.append((topic, message.data))

        return Publisher()


class Watch:
    name = "/segmenter"
    offer = Offer(present=True, expression_topic="/say")


@pytest.fixture
def node() -> Node:
    return Node()


@pytest.fixture
def commands(node: Node) -> Commands:
    return Commands(node, Watch())  # type: ignore[arg-type]


def test_a_sentence_goes_where_the_node_listens(commands: Commands, node: Node) -> None:
    commands.say("  the red\n car ")
    assert node.said == [("/say", "the red car")]


@pytest.mark.parametrize(
    ("sentence", "reason"),
    [
        ("", "nothing to follow"),
        (" \n\t", "nothing to follow"),
        ("car " * 2500, f"9999 characters, more than {MAX_CHARACTERS}"),
        ("the \ud800 car", "not text"),
        ("the \ufffd car", "not text"),
    ],
)
def test_what_cannot_be_sent_is_refused_with_a_reason(
    commands: Commands, node: Node, sentence: str, reason: str
) -> None:
    with pytest.raises(Refused, match=reason):
        commands.say(sentence)
    assert not node.said


def test_a_flood_is_held_back(commands: Commands, node: Node) -> None:
    with pytest.raises(Refused, match="too many sentences"):
        for _ in range(100):
            commands.say("the dog")
    assert len(node.said) == SENTENCES_AT_ONCE


def test_nobody_listens(node: Node) -> None:
    deaf = Watch()
    deaf.offer = Offer()
    with pytest.raises(Refused, match="listens to no sentences"):
        Commands(node, deaf).say("the dog")  # type: ignore[arg-type]
