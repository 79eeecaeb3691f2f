from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from rosbags.interfaces import QosDurability, QosHistory, QosReliability

from samwise_ros.bags.qos_conversion import for_playing, for_recording, is_latched, stored, to_stored

BEST_EFFORT = QoSProfile(depth=5, reliability=ReliabilityPolicy.BEST_EFFORT)
LATCHED = QoSProfile(depth=1, durability=DurabilityPolicy.TRANSIENT_LOCAL)


def test_a_latched_topic_stays_latched_through_a_bag() -> None:
    recorded = to_stored(LATCHED)
    assert is_latched([recorded])
    offered = for_playing([recorded])
    assert (offered.durability, offered.reliability, offered.depth) == (
        DurabilityPolicy.TRANSIENT_LOCAL,
        ReliabilityPolicy.RELIABLE,
        1,
    )


def test_best_effort_stays_best_effort() -> None:
    assert for_playing([to_stored(BEST_EFFORT)]).reliability == ReliabilityPolicy.BEST_EFFORT


def test_without_a_profile_rclpys_defaults_are_offered() -> None:
    offered = for_playing([])
    assert (offered.reliability, offered.durability) == (
        ReliabilityPolicy.RELIABLE,
        DurabilityPolicy.VOLATILE,
    )


def test_what_discovery_does_not_tell_is_filled_in() -> None:
    profile = QoSProfile(history=HistoryPolicy.UNKNOWN, depth=0)
    recorded = to_stored(profile)
    assert (recorded.history, recorded.depth) == (QosHistory.KEEP_LAST, 10)
    assert (recorded.reliability, recorded.durability) == (QosReliability.RELIABLE, QosDurability.VOLATILE)


def test_an_endless_deadline_stays_endless() -> None:
    profile = QoSProfile(depth=1, deadline=Duration(nanoseconds=2**63 - 1))
    assert to_stored(profile).deadline == stored().deadline


def test_a_recorder_asks_for_what_all_publishers_offer() -> None:
    assert for_recording([LATCHED]).durability == DurabilityPolicy.TRANSIENT_LOCAL
    both = for_recording([LATCHED, BEST_EFFORT])
    assert (both.reliability, both.durability) == (ReliabilityPolicy.BEST_EFFORT, DurabilityPolicy.VOLATILE)
