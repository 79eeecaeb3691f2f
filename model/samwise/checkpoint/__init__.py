"""Between a file and a network: reading and writing models, ours and those of the official code."""

from samwise.checkpoint.files import TOKENIZERS, Contents, contents, read, read_model, tokenizer_of, warn
from samwise.checkpoint.own_format import content_hash, is_ours, save

__all__ = [
    "TOKENIZERS",
    "Contents",
    "content_hash",
    "contents",
    "is_ours",
    "read",
    "read_model",
    "save",
    "tokenizer_of",
    "warn",
]
