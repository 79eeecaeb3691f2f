"""Whether a node still answers, and in which state of its lifecycle it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

from lifecycle_msgs.srv import GetState
from rclpy.task import Future

#: A node that is silent for this long counts as gone: the graph goes on showing a killed one for a while.
SILENCE_S = 3.0


class Heartbeat:
    """Asks a node for its state, one question at a time. For the ROS thread.

    Args:
        client: of its service `get_state`.
        clock: monotonic seconds.

    Attributes:
        state: of the lifecycle, in lower case; "" while unknown.
    """

    def __init__(self, client: Any, clock: Callable[[], float] = time.monotonic) -> None:
        self._client, self._clock = client, clock
        self.state = ""
        self._heard: float | None = None
        self._asked: tuple[Future[GetState.Response], float] | None = None

    @property
    def answers(self) -> bool:
        """Whether the node was heard of lately."""
        return self._heard is not None and self._clock() - self._heard < SILENCE_S

    def beat(self) -> None:
        """Something came from the node."""
        self._heard = self._clock()

    def ask(self, present: bool) -> None:
        """Ask for the state, unless the last question may still be answered.

        Args:
            present: whether the node is in the graph. If not, it is not asked.
        """
        if self._asked is not None:
            future, at = self._asked
            if not future.done() and self._clock() - at < SILENCE_S:
                return
            self._client.remove_pending_request(future)
            self._asked = None
        if present and self._client.service_is_ready():
            future = self._client.call_async(GetState.Request())
            self._asked = (future, self._clock())
            future.add_done_callback(self._on_state)

    def _on_state(self, future: Future[GetState.Response]) -> None:
        answer = future.result() if not future.cancelled() and future.exception() is None else None
        if answer is not None:
            self.beat()
            self.state = str(answer.current_state.label)
