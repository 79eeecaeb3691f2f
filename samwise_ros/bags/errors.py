"""The one exception of the bag tools."""


class BagError(Exception):
    """A bag or video that cannot be read or written; the text names it and the remedy."""
