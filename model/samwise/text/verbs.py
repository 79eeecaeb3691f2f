"""Which words of a sentence describe motion (paper section 3.3)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

Span = tuple[int, int]
"""Start and end of a word, in characters of the sentence."""

VerbFinder = Callable[[str], Sequence[Span]]
"""Finds the verbs of a sentence."""

PIPELINE = "en_core_web_sm"


def spacy_verbs(pipeline: str = PIPELINE) -> VerbFinder | None:
    """Verb finder using an installed spaCy pipeline; None if spaCy or the pipeline is not installed."""
    try:
        import spacy

        tagger = spacy.load(pipeline)
    except (ImportError, OSError):
        return None

    def find(expression: str) -> Sequence[Span]:
        return [(t.idx, t.idx + len(t.text)) for t in tagger(expression) if t.pos_ == "VERB"]

    return find
