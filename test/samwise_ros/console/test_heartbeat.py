from types import SimpleNamespace
from typing import Any

import pytest
from rclpy.task import Future

from samwise_ros.console.heartbeat import SILENCE_S, Heartbeat


class Service:
    """A client whose questions the test answers."""

    def __init__(self) -> None:
        self.questions: list[Future[Any]] = []
        self.forgotten: list[Future[Any]] = []

    def service_is_ready(self) -> bool:
        return True

    def call_async(self, request: Any) -> Any:
        self.questions.append(Future())
        return self.questions[-1]

    def remove_pending_request(self, question: Any) -> None:
        self.forgotten.append(question)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def service() -> Service:
    return Service()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def heart(service, clock) -> Heartbeat:
    return Heartbeat(service, clock)


def test_a_node_that_was_never_heard_of_does_not_answer(heart) -> None:
    assert not heart.answers


def test_an_answer_holds_for_a_while(heart, service, clock) -> None:
    heart.ask(present=True)
    service.questions[0].set_result(SimpleNamespace(current_state=SimpleNamespace(label="active")))
    assert heart.answers and heart.state == "active"
    clock.now = SILENCE_S
    assert not heart.answers


def test_one_question_at_a_time_until_it_is_given_up(heart, service, clock) -> None:
    heart.ask(present=True)
    heart.ask(present=True)
    assert len(service.questions) == 1
    clock.now = SILENCE_S
    heart.ask(present=True)
    assert service.forgotten == service.questions[:1]
    assert len(service.questions) == 2


def test_who_is_not_there_is_not_asked(heart, service) -> None:
    heart.ask(present=False)
    assert not service.questions
