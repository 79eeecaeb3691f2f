from samwise_ros.bags.play.outcome import LeftOut, Outcome

ODD = LeftOut("/odd", "a/msg/B", 5, "no reason")


def outcome(told: list[str] | None = None, published: int = 3) -> Outcome:
    found = Outcome((told if told is not None else []).append)
    found.published["/said"] += published
    return found


def test_everything_that_can_be_played_is_all_there_is_to_ask_for() -> None:
    played = outcome()
    played.leave_out(ODD)
    assert played.problems(None, []) == []
    assert played.problems(["/said"], []) == []
    assert played.summary() == "not played: 5 messages of 1 topic, which was named above"


def test_a_topic_asked_for_by_name_has_to_be_played() -> None:
    played = outcome()
    played.leave_out(ODD)
    assert played.problems(["/said", "/odd"], []) == ["asked for, but not played: /odd"]


def test_nothing_is_not_what_was_asked_for() -> None:
    assert outcome(published=0).problems(None, []) == ["nothing was published"]


def test_faults_of_the_bag_and_spoiled_messages_count() -> None:
    played = outcome()
    played.spoil("/said", 1.0, "broken")
    assert played.problems(None, ["x.mcap ends"]) == [
        "the recording could not be read completely",
        "messages were left out (1 of /said)",
    ]


def test_the_first_spoiled_message_of_a_topic_is_told_and_then_their_number() -> None:
    told: list[str] = []
    played = outcome(told)
    for second in range(9):
        played.spoil("/said", second, "broken")
    assert len(told) == 1
    assert told[0] == "a message on /said at 0.000 s is not played: broken"
    assert "9 of /said" in played.problems(None, [])[0]


def test_the_report_tells_all_of_it() -> None:
    played = outcome()
    played.leave_out(ODD)
    played.spoil("/said", 1.0, "broken")
    played.offset_ns = 7
    assert played.report(["torn"]) == {
        "published": {"/said": 3},
        "stamp_offset_ns": 7,
        "left_out": [{"topic": "/odd", "msgtype": "a/msg/B", "count": 5, "reason": "no reason"}],
        "spoiled": {"/said": 1},
        "faults": ["torn"],
    }
