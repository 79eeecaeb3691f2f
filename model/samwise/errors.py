"""Errors of the library. Each message names the offending value and what to do about it."""


class SamwiseError(Exception):
    """Base of every error this library raises on purpose."""


class ConfigurationError(SamwiseError):
    """Values that are out of range, or do not fit together."""


class CheckpointError(SamwiseError):
    """A file that is missing, damaged, or holds some other model."""


class ExpressionError(SamwiseError):
    """A sentence that cannot be used."""


class FrameError(SamwiseError):
    """A frame of the wrong type, layout or size."""


class DataError(SamwiseError):
    """A data set's file that is missing, or not what its layout says."""


class UnfinishedError(SamwiseError):
    """What was asked for is done in part: a command that ends with it has 1 for its exit code."""
