"""What the console refuses, in words for the person in front of the page."""

from __future__ import annotations

from samwise_ros.errors import SamwiseRosError


class Refused(SamwiseRosError):  # noqa: N818 - it is an answer rather than a fault
    """Something asked for on the page is not done. The text says why, and what helps."""
