"""What the page can ask of a node: sentences and its lifecycle."""

from __future__ import annotations

from typing import Any

from lifecycle_msgs.msg import Transition
from lifecycle_msgs.srv import ChangeState
from rclpy.node import Node
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import String
from std_srvs.srv import Trigger

from samwise_ros.console.asking import ask
from samwise_ros.console.errors import Refused
from samwise_ros.console.limits import MAX_CHARACTERS, Allowance
from samwise_ros.console.watch import Watch
from samwise_ros.topics import RESET, topic_of

#: Latched: a node that was killed and started again hears the last sentence once more.
SENTENCE = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)
#: Loading a model is part of a transition.
TRANSITION_PATIENCE_S = 180.0
SENTENCES_PER_SECOND, SENTENCES_AT_ONCE = 2.0, 5.0

TRANSITIONS = {
    "configure": Transition.TRANSITION_CONFIGURE,
    "activate": Transition.TRANSITION_ACTIVATE,
    "deactivate": Transition.TRANSITION_DEACTIVATE,
    "cleanup": Transition.TRANSITION_CLEANUP,
}
#: Which of them are possible in which state.
POSSIBLE = {
    "unconfigured": ("configure",),
    "inactive": ("activate", "cleanup"),
    "active": ("deactivate",),
}


class Commands:
    """Sentences and lifecycle of the node that is watched.

    Args:
        node: to speak with, spun by another thread.
        watch: knows what the node offers.
    """

    def __init__(self, node: Node, watch: Watch) -> None:
        self._node, self._watch = node, watch
        self._change: Any = node.create_client(ChangeState, f"{watch.name}/change_state")
        self._reset: Any = node.create_client(Trigger, topic_of(watch.name, RESET))
        self._speakers: dict[str, Any] = {}
        self._allowance = Allowance(SENTENCES_PER_SECOND, SENTENCES_AT_ONCE)

    def say(self, text: str) -> None:
        """Publish a sentence for the node to follow.

        Raises:
            Refused: if it cannot be sent. Whether the node takes it is the node's to say.
        """
        sentence = " ".join(text.split())
        if not sentence:
            raise Refused("there is nothing to follow in that: name a target in words, like “the red car”")
        if len(sentence) > MAX_CHARACTERS:
            raise Refused(
                f"that has {len(sentence)} characters, more than {MAX_CHARACTERS}: name one target in a "
                "short sentence"
            )
        # Half a character, from JavaScript as it is or as browsers send it.
        if any(
            "\ud800" <= letter <= "\udfff" or letter == "\N{REPLACEMENT CHARACTER}" for letter in sentence
        ):
            raise Refused("some of that is not text, damaged on the way to the page: type it by hand")
        topic = self._watch.offer.expression_topic
        if topic is None:
            raise Refused(f"{self._watch.name} listens to no sentences: is it there, and configured?")
        if not self._allowance.take():
            raise Refused(
                f"too many sentences: not more than {SENTENCES_PER_SECOND:.0f} a second, please wait"
            )
        self._speaker(topic).publish(String(data=sentence))

    async def transition(self, name: str) -> None:
        """Ask for one of TRANSITIONS.

        Raises:
            Refused: if the node does not answer, or the transition fails.
        """
        request = ChangeState.Request(transition=Transition(id=TRANSITIONS[name]))
        response = await ask(self._change, request, TRANSITION_PATIENCE_S)
        if not response.success:
            raise Refused(f"{self._watch.name} could not {name}: its log says why, see its last words")

    async def pause(self, paused: bool) -> None:
        """Pause or resume, by the lifecycle: whether the service `pause` is in force cannot be seen.

        Raises:
            Refused: if the node does not answer, or refuses.
        """
        await self.transition("deactivate" if paused else "activate")

    async def reset(self) -> None:
        """Have the node forget what it saw, but not the sentence.

        Raises:
            Refused: if the node does not answer, or refuses.
        """
        if self._reset.service_is_ready():
            response = await ask(self._reset, Trigger.Request())
            if not response.success:
                raise Refused(response.message)
        else:
            await self.transition("deactivate")
            await self.transition("activate")

    def _speaker(self, topic: str) -> Any:
        if topic not in self._speakers:
            self._speakers[topic] = self._node.create_publisher(String, topic, SENTENCE)
        return self._speakers[topic]
