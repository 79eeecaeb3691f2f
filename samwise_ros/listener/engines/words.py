"""What free speech is written as, made into plain words."""

from __future__ import annotations

import re
import unicodedata


def plain_words(text: str) -> str:
    """Lower case, without punctuation, one space between words: "The red car!" as "the red car"."""
    letters = re.sub(r"[^\w\s']+", " ", unicodedata.normalize("NFKC", text).lower())
    return " ".join(letters.replace("_", " ").split())
