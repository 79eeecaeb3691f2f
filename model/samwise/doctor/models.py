"""Checkpoints and tokenizers that are on this machine."""

from __future__ import annotations

from collections.abc import Iterable

from samwise.doctor.finding import Finding, Level
from samwise.shell.published import PUBLISHED, cache_folder, cached


def checkpoints() -> Iterable[Finding]:
    """The published checkpoints."""
    from samwise.checkpoint import is_ours

    for name in PUBLISHED:
        file = cached(name)
        if not file.is_file():
            yield Finding(f"checkpoint {name}", f"not here; `samwise download {name}` fetches it")
        elif is_ours(file):
            yield Finding(f"checkpoint {name}", f"{file}, {file.stat().st_size / 1e6:,.0f} MB")
        else:
            yield Finding(
                f"checkpoint {name}",
                f"{file} is damaged",
                Level.BROKEN,
                f"samwise download {name} --overwrite",
            )
    yield Finding("cache", str(cache_folder()))


def tokenizers() -> Iterable[Finding]:
    """Tokenizers for checkpoints that carry none."""
    from huggingface_hub import try_to_load_from_cache

    from samwise.checkpoint import TOKENIZERS

    for name in TOKENIZERS.values():
        there = isinstance(try_to_load_from_cache(name, "tokenizer.json"), str)
        value = "in the cache" if there else "not here; only files that were not converted need it"
        yield Finding(f"tokenizer {name}", value)
