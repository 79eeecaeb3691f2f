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
    """A data set's file that is missing, or does not follow its layout."""


class UnfinishedError(SamwiseError):
    """Only part of what was asked for is done: a command that ends with it exits with code 1."""
