"""The node that follows, as far as speech can command it: what it does not offer is told, not pretended."""

from __future__ import annotations

from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.node import Node
from std_srvs.srv import SetBool, Trigger

from samwise_ros.topics import PAUSE, RESET, topic_of

#: What follows from a command for a node that has no service of its own for it.
LIFECYCLE = {
    "pause": (Transition.TRANSITION_DEACTIVATE,),
    "stop": (Transition.TRANSITION_DEACTIVATE,),
    "resume": (Transition.TRANSITION_ACTIVATE,),
    "reset": (Transition.TRANSITION_DEACTIVATE, Transition.TRANSITION_ACTIVATE),
}
SAYS = {
    "pause": 'paused; say "resume" to go on',
    "stop": 'stopped; say "resume" to go on',
    "resume": "going on",
    "reset": "starting over with the same sentence",
}


class TargetNode:
    """Asks a node by its services, without waiting for them.

    Args:
        node: to ask with.
        name: of the node that follows, as seen from `node`.
    """

    def __init__(self, node: Node, name: str) -> None:
        self._node, self._name = node, name
        self._change: Any = node.create_client(ChangeState, f"{name}/change_state")
        self._pause: Any = node.create_client(SetBool, topic_of(name, PAUSE))
        self._reset: Any = node.create_client(Trigger, topic_of(name, RESET))

    def carry_out(self, command: str, target: str) -> str:
        """Ask for a command and return what to tell the person. How it ends is logged."""
        if command in ("add", "remove"):
            return (
                f"not done: {self._name} follows one sentence at a time; say {target!r} alone "
                "to follow it instead"
            )
        if command == "forget":
            return f"not done: {self._name} cannot forget its sentence; say another one, or 'stop'"
        if command not in LIFECYCLE:
            return "nothing was asked"
        if command in ("pause", "stop", "resume") and self._pause.service_is_ready():
            self._ask(self._pause, SetBool.Request(data=command != "resume"), command)
        elif command == "reset" and self._reset.service_is_ready():
            self._ask(self._reset, Trigger.Request(), command)
        elif self._change.service_is_ready():
            self._transitions(command, LIFECYCLE[command])
        else:
            return f"not done: no node {self._name} is running that offers {command!r}"
        return SAYS[command]

    def _transitions(self, command: str, numbers: tuple[int, ...]) -> None:
        first, *rest = numbers
        request = ChangeState.Request(transition=Transition(id=first))
        self._ask(self._change, request, command, tuple(rest))

    def _ask(self, client: Any, request: Any, command: str, then: tuple[int, ...] = ()) -> None:
        def answered(reply: Any) -> None:
            if not reply.result().success:
                self._node.get_logger().warning(f"{self._name} has refused {command!r}; see its log")
            elif then:
                self._transitions(command, then)

        client.call_async(request).add_done_callback(answered)
