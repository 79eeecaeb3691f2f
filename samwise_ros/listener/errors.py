"""What goes wrong with speech."""

from samwise_ros.errors import InputError


class SpeechError(InputError):
    """Sound, a setting or an engine that cannot be used; the text names the value and the remedy."""
