"""The services of the segmenter: what they are asked, and what they answer."""

from __future__ import annotations

from typing import Protocol

from rclpy.node import Node
from std_srvs.srv import SetBool, Trigger

from samwise_msgs.srv import SetExpression
from samwise_ros.errors import InputError
from samwise_ros.segmenter.expression_input import Sentence
from samwise_ros.topics import PAUSE, RESET, SET_EXPRESSION, private


class Served(Protocol):
    """Who does what the services are asked for."""

    def follow(self, text: str) -> tuple[Sentence, tuple[str, ...]]:
        """Follow a sentence. Returns it, and its words that the model does not know; raises InputError."""

    def reset(self) -> None:
        """Forget what was seen, keep the sentence. Raises InputError."""

    def pause(self, on: bool) -> None:
        """Take no images for the time being, or take them again."""


class Services:
    """Answers until `close`. A service refuses with a reason in its reply, never with silence.

    Args:
        node: to serve with. The names are private to it.
        stream: that does what is asked for.
    """

    def __init__(self, node: Node, stream: Served) -> None:
        self._node, self._stream = node, stream
        self._services = [
            node.create_service(SetExpression, private(SET_EXPRESSION), self._set_expression),
            node.create_service(Trigger, private(RESET), self._reset),
            node.create_service(SetBool, private(PAUSE), self._pause),
        ]

    def close(self) -> None:
        """Serve nothing more."""
        for service in self._services:
            self._node.destroy_service(service)

    def _set_expression(
        self, request: SetExpression.Request, response: SetExpression.Response
    ) -> SetExpression.Response:
        try:
            sentence, unknown = self._stream.follow(request.expression)
        except InputError as error:
            response.reason = str(error)
            return response
        response.accepted = True
        response.expression, response.id, response.unknown_words = sentence.text, sentence.id, list(unknown)
        return response

    def _reset(self, request: Trigger.Request, response: Trigger.Response) -> Trigger.Response:
        try:
            self._stream.reset()
        except InputError as error:
            response.message = str(error)
            return response
        response.success, response.message = True, "what was seen is forgotten; the sentence is kept"
        return response

    def _pause(self, request: SetBool.Request, response: SetBool.Response) -> SetBool.Response:
        self._stream.pause(request.data)
        response.success = True
        response.message = (
            "paused: images are left out, and counted, until this is called with false"
            if request.data
            else "images are taken"
        )
        return response
