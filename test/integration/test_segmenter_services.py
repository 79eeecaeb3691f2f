"""What the services of a running node answer, and what they bring about."""

from __future__ import annotations

import pytest
from integration.segmenter_process import Client, SegmenterProcess
from std_srvs.srv import SetBool, Trigger

from samwise_msgs.msg import TargetEvent, TargetState
from samwise_msgs.srv import SetExpression


def set_expression(client: Client, expression: str) -> SetExpression.Response:
    request = SetExpression.Request(expression=expression)
    return client.call(SetExpression, "segmenter/set_expression", request)


def test_without_a_sentence_there_is_nothing_to_forget(segmenter: SegmenterProcess, client: Client) -> None:
    reply = client.call(Trigger, "segmenter/reset", Trigger.Request())
    assert not reply.success and "set a sentence first" in reply.message


def test_a_sentence_is_accepted_and_followed(segmenter: SegmenterProcess, client: Client) -> None:
    reply = set_expression(client, "  the red  car ")
    assert (reply.accepted, reply.expression, reply.reason) == (True, "the red car", "")
    _, state = client.ask()
    assert (state.expression, state.id) == ("the red car", reply.id)
    again = set_expression(client, "the red car")
    assert again.accepted and again.id == reply.id
    another = set_expression(client, "the quux dog")
    assert another.id == reply.id + 1 and list(another.unknown_words) == ["quux"]


@pytest.mark.parametrize(("refused", "named"), [("", "blank"), ("the red car " * 80, "960 characters|words")])
def test_a_sentence_is_refused_with_a_reason(
    segmenter: SegmenterProcess, client: Client, refused: str, named: str
) -> None:
    before = set_expression(client, "the dog")
    reply = set_expression(client, refused)
    assert (reply.accepted, reply.id, reply.expression) == (False, 0, "")
    assert reply.reason and ";" in reply.reason, "what to do about it"
    assert client.ask()[1].id == before.id


def test_what_was_seen_is_forgotten_and_an_event_says_so(segmenter: SegmenterProcess, client: Client) -> None:
    sentence = set_expression(client, "the blue car")
    assert client.ask()[1].status == TargetState.TRACKING
    assert client.call(Trigger, "segmenter/reset", Trigger.Request()).success
    assert client.ask()[1].id == sentence.id

    def resets() -> list[TargetEvent]:
        return [event for event in client.events if event.what == TargetEvent.RESET]

    client.wait_until(resets, "the event")
    (event,) = resets()
    assert event.id == sentence.id and "service reset" in event.reason


def test_during_a_pause_nothing_comes_out(segmenter: SegmenterProcess, client: Client) -> None:
    set_expression(client, "the red car")
    client.ask()
    reply = client.call(SetBool, "segmenter/pause", SetBool.Request(data=True))
    assert reply.success and "with false" in reply.message
    before = len(client.states)
    for image in (client.image() for _ in range(5)):
        client.camera.publish(image)
    # Its answer comes after the images were taken, or rather not.
    assert client.call(SetBool, "segmenter/pause", SetBool.Request(data=False)).success
    asked = client.image()
    client.ask(asked)
    late = [state for state in client.states[before:] if state.header.stamp != asked.header.stamp]
    assert late == []
