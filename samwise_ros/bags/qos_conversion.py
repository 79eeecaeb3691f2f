"""Quality of service as a bag stores it and as rclpy takes it. Both number their policies like RMW does."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rclpy.duration import Duration
from rclpy.qos import DurabilityPolicy, HistoryPolicy, QoSProfile, ReliabilityPolicy
from rosbags.interfaces import Qos, QosDurability, QosHistory, QosLiveliness, QosReliability, QosTime

DEFAULT_DEPTH = 10
#: What a bag says is not always meant: memory for this many messages can be offered.
GREATEST_DEPTH = 10_000
#: A reader may fall behind for a moment: deep enough for a second of anything.
RECORDING_DEPTH = 100

_FOREVER = QosTime(9223372036, 854775807)


def stored(*, latched: bool = False, depth: int = DEFAULT_DEPTH) -> Qos:
    """Return a reliable profile for a bag. Latched: late subscribers still get the last message."""
    return Qos(
        history=QosHistory.KEEP_LAST,
        depth=1 if latched else depth,
        reliability=QosReliability.RELIABLE,
        durability=QosDurability.TRANSIENT_LOCAL if latched else QosDurability.VOLATILE,
        deadline=_FOREVER,
        lifespan=_FOREVER,
        liveliness=QosLiveliness.AUTOMATIC,
        liveliness_lease_duration=_FOREVER,
        avoid_ros_namespace_conventions=False,
    )


def is_latched(profiles: Sequence[Qos]) -> bool:
    """Whether a topic in a bag was published for late subscribers, too."""
    return any(profile.durability is QosDurability.TRANSIENT_LOCAL for profile in profiles)


def for_playing(profiles: Sequence[Qos], at_least: int = 0) -> QoSProfile:
    """Return what to offer for a topic of a bag.

    Reliability, durability and depth are as recorded; where nothing useful was recorded they are rclpy's
    defaults: reliable, volatile, ten deep. Publishers that differed are one now, which suits all their
    subscribers. Deadlines and lifespans are left out: they speak of the original publisher, which kept
    another pace.

    Args:
        profiles: that the publishers of the topic offered.
        at_least: depth that is needed.
    """
    if not profiles:
        return QoSProfile(depth=max(DEFAULT_DEPTH, at_least))
    best_effort = all(profile.reliability is QosReliability.BEST_EFFORT for profile in profiles)
    keep_all = any(profile.history is QosHistory.KEEP_ALL for profile in profiles)
    depth = max(profile.depth if profile.depth > 0 else DEFAULT_DEPTH for profile in profiles)
    return QoSProfile(
        history=HistoryPolicy.KEEP_ALL if keep_all else HistoryPolicy.KEEP_LAST,
        depth=max(min(depth, GREATEST_DEPTH), at_least),
        reliability=ReliabilityPolicy.BEST_EFFORT if best_effort else ReliabilityPolicy.RELIABLE,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if is_latched(profiles) else DurabilityPolicy.VOLATILE,
    )


def for_recording(offered: Iterable[QoSProfile]) -> QoSProfile:
    """Return what to ask for so that all of these publishers match, and no more is lost than they allow."""
    profiles = list(offered)
    reliable = all(profile.reliability is ReliabilityPolicy.RELIABLE for profile in profiles)
    latched = all(profile.durability is DurabilityPolicy.TRANSIENT_LOCAL for profile in profiles)
    return QoSProfile(
        history=HistoryPolicy.KEEP_LAST,
        depth=RECORDING_DEPTH,
        reliability=ReliabilityPolicy.RELIABLE if reliable else ReliabilityPolicy.BEST_EFFORT,
        durability=DurabilityPolicy.TRANSIENT_LOCAL if latched and profiles else DurabilityPolicy.VOLATILE,
    )


def to_stored(profile: QoSProfile) -> Qos:
    """Return the profile of a publisher as a bag keeps it."""
    return Qos(
        # Discovery does not tell history and depth of a remote publisher.
        history=QosHistory.KEEP_ALL if profile.history is HistoryPolicy.KEEP_ALL else QosHistory.KEEP_LAST,
        depth=profile.depth or DEFAULT_DEPTH,
        reliability=QosReliability(int(profile.reliability)),
        durability=QosDurability(int(profile.durability)),
        deadline=_time(profile.deadline),
        lifespan=_time(profile.lifespan),
        liveliness=QosLiveliness(int(profile.liveliness)),
        liveliness_lease_duration=_time(profile.liveliness_lease_duration),
        avoid_ros_namespace_conventions=bool(profile.avoid_ros_namespace_conventions),
    )


def _time(duration: Duration) -> QosTime:
    return QosTime(*divmod(duration.nanoseconds, 1_000_000_000))
