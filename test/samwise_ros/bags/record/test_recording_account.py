import pytest

from samwise_ros.bags.record.recording_account import RecordingAccount, TopicAccount

STRING = "std_msgs/msg/String"
HEARD, SILENT = TopicAccount("/heard", STRING, 3), TopicAccount("/silent", STRING)
REFUSED = TopicAccount("/odd", "odd_msgs/msg/Odd", refused="message type odd_msgs/msg/Odd is not installed")


@pytest.mark.parametrize(
    ("topics", "required", "complete", "remarks"),
    [
        ([HEARD], {"/heard"}, True, []),
        ([HEARD, SILENT], {"/heard"}, True, ["published, but without a message: /silent"]),
        ([HEARD, SILENT], {"/heard", "/silent"}, False, ["published, but without a message: /silent"]),
        ([HEARD], {"/heard", "/never"}, False, ["nobody published /never"]),
        (
            [HEARD, REFUSED],
            None,
            False,
            ["/odd was not recorded: message type odd_msgs/msg/Odd is not installed"],
        ),
        ([HEARD, SILENT], None, True, ["published, but without a message: /silent"]),
        ([], None, False, ["no message came on any topic"]),
        ([], {"/a", "/b"}, False, ["nobody published /a", "nobody published /b"]),
    ],
)
def test_what_is_said_and_whether_it_is_all(
    topics: list[TopicAccount], required: set[str] | None, complete: bool, remarks: list[str]
) -> None:
    account = RecordingAccount(topics, required)
    assert account.complete is complete
    assert account.remarks() == remarks


def test_latecomers_and_losses_are_no_fault_but_are_told() -> None:
    account = RecordingAccount([TopicAccount("/a", STRING, 3, late=2, lost=1)], {"/a"}, hidden=4)
    assert account.complete
    late, lost, hidden = account.remarks()
    assert "/a: 2 publishers joined with another quality of service" in late
    assert lost == "/a: 1 message got lost on the way to here"
    assert hidden.startswith("4 hidden topics")


def test_a_topic_that_broke_off_tells_how_far_it_came() -> None:
    account = RecordingAccount([TopicAccount("/a", STRING, 3, refused="no more")], {"/a"})
    assert not account.complete
    assert account.remarks() == ["/a was not recorded after 3 messages: no more"]


def test_counts_join_the_types_of_a_topic() -> None:
    topics = [
        HEARD,
        SILENT,
        TopicAccount("/heard", "std_msgs/msg/Int32", 2),
        TopicAccount("/also", STRING, 1),
    ]
    assert RecordingAccount(topics, None).counts() == "/also 1, /heard 5"
    assert RecordingAccount([SILENT], None).counts() == "no messages"
