"""The one exception of the bag tools."""

from samwise_ros.errors import SamwiseRosError


class BagError(SamwiseRosError):
    """A bag or video that cannot be read or written; the text names it and the remedy."""
