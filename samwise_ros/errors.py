"""The one exception for whatever reaches the node from outside and cannot be used."""


class InputError(ValueError):
    """An image or a sentence that cannot be used; the text names the value and the remedy.

    The node logs the text and goes on with the next message. Anything else that is raised while a frame
    is processed is a fault of ours, and is logged as one.
    """
