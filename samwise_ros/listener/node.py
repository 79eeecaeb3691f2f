"""The node `listener`: sound in; sentences to the topic `expression`, and what was made of it, out."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterable
from typing import Any

import rclpy
from rcl_interfaces.msg import SetParametersResult
from rclpy.exceptions import InvalidParameterTypeException, InvalidParameterValueException
from rclpy.node import Node
from rclpy.parameter import Parameter
from rclpy.qos import DurabilityPolicy, QoSProfile, ReliabilityPolicy
from std_msgs.msg import Header, String

from samwise_msgs.msg import Heard
from samwise_ros import qos
from samwise_ros.errors import InputError
from samwise_ros.listener.engines import EngineSettings, open_engine
from samwise_ros.listener.errors import SpeechError
from samwise_ros.listener.interpreter import Status, Thresholds, Verdict
from samwise_ros.listener.listening import Listening, Utterance, interpreter, sayable
from samwise_ros.listener.parameters import Settings, check_change, declare_parameters, read_settings
from samwise_ros.listener.recogniser import Samples
from samwise_ros.listener.sources import open_source
from samwise_ros.listener.target_node import TargetNode
from samwise_ros.listener.utterances import Cutter, Piece, PushToTalk, VoiceActivity
from samwise_ros.messages.sentences import clean_sentence
from samwise_ros.processes.spin import spin_until_told_to_end
from samwise_ros.processes.throttled_log import ThrottledLog
from samwise_ros.topics import EXPRESSION, HEARD, private

#: Latched: a node that starts later hears the last sentence, too.
SENTENCE = QoSProfile(
    depth=1, reliability=ReliabilityPolicy.RELIABLE, durability=DurabilityPolicy.TRANSIENT_LOCAL
)
#: Seconds to wait for an utterance in work at the end of the process.
PATIENCE_S = 3.0


class ListenerNode(Node):
    """Wires sound, engine and topics together.

    Raises:
        SpeechError: if a parameter, the engine, its model or the source of sound cannot be used.
    """

    def __init__(self) -> None:
        super().__init__("listener")
        declare_parameters(self)
        self._settings = read_settings(self)
        self.add_on_set_parameters_callback(self._check_parameters)
        self.add_post_set_parameters_callback(self._apply_parameters)
        self._log = ThrottledLog(self.get_logger())
        self._sentences = self.create_publisher(String, EXPRESSION, SENTENCE)
        self._heard = self.create_publisher(Heard, private(HEARD), qos.EVENT)
        self._target = TargetNode(self, self._settings.target_node)
        self._interpreter = interpreter(
            self._settings.engine, self._settings.spoken_first, self._settings.button
        )
        self._engine = _engine(self._settings)
        self._cutter: Cutter = PushToTalk() if self._settings.button else VoiceActivity()
        self._begun: Header | None = None
        self._listening = Listening(self._judge, self._tell, self._failed)
        self._close_source = open_source(
            self, self._hear, self._settings.source, self._settings.device, self._settings.file
        )
        self.get_logger().info(
            f"listening to {self._settings.source} with {self._settings.engine}, cut by "
            f"{self._settings.cutting}"
        )

    def close(self) -> bool:
        """Stop listening at the end of the process. Returns False if an utterance in work takes too long."""
        self._close_source()
        return self._listening.stop(PATIENCE_S)

    def _hear(self, piece: Piece, header: Header | None) -> None:
        if self._begun is None:
            self._begun = header
        try:
            for samples in self._cutter.add(piece):
                begun, self._begun = self._begun, None
                if not self._listening.put(Utterance(samples, begun)):
                    self._log.warning(
                        "speech comes faster than it is recognised: an utterance is lost; speak after "
                        "the answer, or take a smaller model"
                    )
        except SpeechError as error:
            self._begun = None
            self._log.warning(f"{error}; what was said is lost")

    def _judge(self, samples: Samples) -> Verdict:
        thresholds = Thresholds(self._settings.accept, self._settings.ask)
        return self._interpreter.judge(self._engine.recognise(samples), thresholds)

    def _tell(self, utterance: Utterance, verdict: Verdict) -> None:
        message = Heard(
            header=utterance.header or Header(),
            text=verdict.text,
            confidence=verdict.confidence,
            status=int(verdict.status),
            command=verdict.command,
            alternatives=list(verdict.alternatives),
            reply=self._act(verdict),
        )
        if not message.header.stamp.sec:
            message.header.stamp = self.get_clock().now().to_msg()
        if self.context.ok():
            self._heard.publish(message)

    def _act(self, verdict: Verdict) -> str:
        """Do what was said, and return what to tell the person."""
        if verdict.status == Status.ACCEPTED:
            return self._follow(verdict.text)
        if verdict.status == Status.UNSURE:
            return f"did you say {verdict.text!r}? Say yes, or say it again"
        if verdict.status == Status.NOTHING:
            return ""
        if verdict.withdrawn:
            return f"{verdict.withdrawn!r} is forgotten"
        reply = self._target.carry_out(verdict.command, verdict.text)
        self.get_logger().info(f"heard the command {verdict.command!r}: {reply}")
        return reply

    def _follow(self, text: str) -> str:
        try:
            self._sentences.publish(String(data=clean_sentence(text)))
        except InputError as error:
            return f"not done: {error}"
        self.get_logger().info(f"heard {text!r}, asked to follow it")
        return ""

    def _failed(self, error: Exception) -> None:
        # Publishing fails once a signal has shut the context down: that is the end, not an error.
        if not self.context.ok():
            return
        if isinstance(error, InputError):
            self._log.warning(f"{error}; what was said is lost")
        else:
            self._log.error(f"an utterance could not be recognised: {type(error).__name__}: {error}")

    def _check_parameters(self, parameters: Iterable[Parameter[Any]]) -> SetParametersResult:
        return check_change(parameters, self._settings)

    def _apply_parameters(self, parameters: Iterable[Parameter[Any]]) -> None:
        self._settings = read_settings(self)


def _engine(settings: Settings) -> Any:
    said = sayable(settings.spoken_first)
    return open_engine(settings.engine, EngineSettings(said, settings.model, settings.threads))


def main(args: list[str] | None = None) -> int:
    """Run the node until it is told to end. Returns the exit code."""
    rclpy.init(args=args)
    node, code, closed = None, 0, True
    try:
        node = ListenerNode()
        spin_until_told_to_end(node)
    except KeyboardInterrupt:  # before there was anything to spin
        pass
    except (SpeechError, InvalidParameterTypeException, InvalidParameterValueException) as error:
        print(f"listener: {error}", file=sys.stderr)
        code = 1
    finally:
        # The end is under way: a second Ctrl-C would only break it off in the middle.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        if node is not None:
            closed = node.close()
            # Also tells the other processes that this one leaves; otherwise they wait for it to time out.
            node.destroy_node()
        rclpy.try_shutdown()
    if not closed:
        # The engine is deep in its work, and Python would abort if it were taken down around it.
        os._exit(code)
    return code


if __name__ == "__main__":
    sys.exit(main())
