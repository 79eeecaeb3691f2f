"""Sentences to token ids."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path

import torch
from tokenizers import Regex, models, normalizers, pre_tokenizers, processors
from tokenizers import Tokenizer as Backend
from torch import Tensor
from transformers import AutoTokenizer, PreTrainedTokenizerBase, PreTrainedTokenizerFast

from samwise.errors import CheckpointError, ExpressionError
from samwise.text.sentences import is_blank, shorten
from samwise.text.verbs import Span

SPECIAL_TOKENS = ("<s>", "<pad>", "</s>", "<unk>")
"""RoBERTa's: start, padding, end, unknown; their ids are their positions here."""
CLIP_START, CLIP_END = "<|startoftext|>", "<|endoftext|>"
"""CLIP's; the second one is also the padding and the unknown token."""

# What a repository name looks like to `transformers`; anything else can only be a folder.
_CACHED = re.compile(r"[\w-][\w.-]*(/[\w-][\w.-]*)?")


def word_level(words: Sequence[str]) -> Backend:
    """Lower-casing tokenizer that knows only these words; the miniature's."""
    vocabulary = {token: i for i, token in enumerate([*SPECIAL_TOKENS, *sorted(set(words))])}
    backend = Backend(models.WordLevel(vocabulary, unk_token="<unk>"))
    # Punctuation carries nothing for a word-level model; without this every comma would be an unknown word.
    backend.normalizer = normalizers.Sequence(
        [normalizers.NFKC(), normalizers.Lowercase(), normalizers.Replace(Regex(r"[^\w\s]+"), " ")]
    )
    backend.pre_tokenizer = pre_tokenizers.Whitespace()
    backend.post_processor = processors.RobertaProcessing(("</s>", 2), ("<s>", 0), add_prefix_space=False)
    return backend


class Tokenizer:
    """A `transformers` tokenizer with RoBERTa's or CLIP's special tokens.

    Args:
        tokenizer: to wrap.
        max_tokens: longest sentence the text encoder can take, special tokens included.
    """

    def __init__(self, tokenizer: PreTrainedTokenizerBase, max_tokens: int) -> None:
        self._tokenizer, self.max_tokens = tokenizer, max_tokens

    @staticmethod
    def from_json(text: str, max_tokens: int) -> Tokenizer:
        """From the serialised form stored in a checkpoint.

        Raises:
            CheckpointError: if it is damaged.
        """
        try:
            backend = Backend.from_str(text)
        except Exception as error:  # the library raises nothing more specific
            raise CheckpointError(
                f"the tokenizer in the checkpoint is damaged ({error}); copy or download the checkpoint again"
            ) from error
        special = SPECIAL_TOKENS
        if backend.token_to_id(CLIP_START) is not None:
            special = (CLIP_START, CLIP_END, CLIP_END, CLIP_END)
        names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token"), special, strict=True))
        return Tokenizer(PreTrainedTokenizerFast(tokenizer_object=backend, **names), max_tokens)

    @staticmethod
    def from_pretrained(name_or_folder: str | Path, max_tokens: int) -> Tokenizer:
        """From a local folder or the `transformers` cache; never from the network, and never running code.

        Raises:
            CheckpointError: if it is in neither, or damaged.
        """
        folder = Path(name_or_folder).expanduser()
        try:
            # Unless told, `transformers` asks on the terminal whether to run a folder's code.
            found = AutoTokenizer.from_pretrained(
                folder if folder.is_dir() else name_or_folder, local_files_only=True, trust_remote_code=False
            )
        except Exception as error:  # a damaged tokenizer.json fails in many ways
            raise CheckpointError(_no_tokenizer(str(name_or_folder))) from error
        if not isinstance(found, PreTrainedTokenizerFast):
            raise CheckpointError(
                f"the tokenizer {str(name_or_folder)!r} ({type(found).__name__}) has no tokenizer.json; give "
                "one that does"
            )
        if found.pad_token is None:
            # A folder with nothing but a tokenizer.json does not say which tokens are special.
            return Tokenizer.from_json(found.backend_tokenizer.to_str(), max_tokens)
        return Tokenizer(found, max_tokens)

    @property
    def vocabulary_size(self) -> int:
        """Number of token ids."""
        return len(self._tokenizer)

    @property
    def pad_token(self) -> int:
        """Id that pads the shorter sentences of a batch."""
        pad: int = self._tokenizer.pad_token_id
        return pad

    def to_json(self) -> str:
        """Serialised form, for `from_json`."""
        assert isinstance(self._tokenizer, PreTrainedTokenizerFast)  # `from_pretrained` accepts no others
        text: str = self._tokenizer.backend_tokenizer.to_str()
        return text

    def encode(self, expressions: Sequence[str]) -> tuple[Tensor, Tensor]:
        """Ids `[B, L]` (long) of the sentences and their padding `[B, L]` (bool, True = pad).

        Raises:
            ExpressionError: for a blank sentence or one with too many tokens.
        """
        for expression in expressions:
            if is_blank(expression):
                raise ExpressionError(
                    f"the sentence {shorten(expression)} is blank, without a letter or digit; name what to "
                    "segment in words, like 'the red car'"
                )
        ids = [self._tokenizer(expression)["input_ids"] for expression in expressions]
        for expression, row in zip(expressions, ids, strict=True):
            if len(row) > self.max_tokens:
                raise ExpressionError(
                    f"the sentence {expression[:40]!r}... has {len(row)} tokens; this model takes at most "
                    f"{self.max_tokens}: shorten it"
                )
        lengths = torch.tensor([len(row) for row in ids])
        longest = int(lengths.max())
        tokens = torch.tensor([row + [self.pad_token] * (longest - len(row)) for row in ids])
        # Not `tokens == pad`: CLIP pads with the token that ends a sentence.
        return tokens, torch.arange(longest) >= lengths[:, None]

    def inside(self, expressions: Sequence[str], spans: Sequence[Sequence[Span]]) -> Tensor:
        """Which tokens lie inside given words: bool `[B, L]`, laid out like the ids of `encode`.

        Args:
            expressions: the sentences.
            spans: for each sentence, the character spans of the words in question.
        """
        rows = []
        for expression, words in zip(expressions, spans, strict=True):
            offsets = self._tokenizer(expression, return_offsets_mapping=True)["offset_mapping"]
            rows.append([any(a <= start < end <= b for a, b in words) for start, end in offsets])
        length = max(map(len, rows))
        return torch.tensor([row + [False] * (length - len(row)) for row in rows])

    def unknown_words(self, expression: str) -> tuple[str, ...]:
        """Words of a sentence that this tokenizer maps to its unknown token, in order, without repeats."""
        unknown = self._tokenizer.unk_token_id
        words = dict.fromkeys(re.findall(r"\w+", expression))
        return tuple(w for w in words if unknown in self._tokenizer(w, add_special_tokens=False)["input_ids"])


def _no_tokenizer(name: str) -> str:
    """Why there is no tokenizer of that name or in that folder, and what to do."""
    path = Path(name).expanduser()
    if path.is_file():
        return f"the tokenizer {name!r} is a file; give the folder that contains its tokenizer.json"
    if path.is_dir() and not (path / "tokenizer.json").is_file():
        return f"the folder {name!r} has no tokenizer.json; give one written by save_pretrained()"
    if path.is_dir():
        return f"the tokenizer in folder {name!r} is damaged, or needs to run code of its own; fetch it again"
    if _CACHED.fullmatch(name):
        return (
            f"no tokenizer {name!r} found; give a folder with tokenizer.json, or download it once with "
            f"`hf download {name}`"
        )
    return f"no tokenizer {name!r} found: there is no such folder; give one with tokenizer.json"
