"""Between a file and a network: reading and writing models, of ours and of the official code."""

from samwise.checkpoint.files import (
    TOKENIZERS,
    content_hash,
    read,
    read_model,
    save,
    tokenizer_of,
)

__all__ = ["TOKENIZERS", "content_hash", "read", "read_model", "save", "tokenizer_of"]
