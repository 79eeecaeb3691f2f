"""The root of every error that this package raises on purpose, and the one for what comes from outside."""


class SamwiseRosError(Exception):
    """Base of the errors of this package. The text is for people: it names the value and the remedy."""


class InputError(SamwiseRosError):
    """An image or a sentence that cannot be used.

    The node logs the text and goes on with the next message. Anything else that is raised while a frame
    is processed is a fault of ours, and is logged as one.
    """
