"""What goes wrong with processes."""

from samwise_ros.errors import SamwiseRosError


class ProcessError(SamwiseRosError):
    """A process ended, or did not start, or could not do its work. The text says which, and why."""
