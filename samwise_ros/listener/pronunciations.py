"""How words sound: what the dictionary of the acoustic model has not, and how other accents say what it has.

Sounds are written in ARPAbet without stress, like the dictionary.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

#: Words of the world that the CMU dictionary has not.
MISSING: Mapping[str, tuple[str, ...]] = {
    "bottommost": ("B AA T AH M M OW S T",),
    "leftmost": ("L EH F T M OW S T",),
    "rightmost": ("R AY T M OW S T",),
    "topmost": ("T AA P M OW S T",),
    "wobbles": ("W AA B AH L Z",),
}

VOWELS = frozenset(["AA", "AE", "AH", "AO", "AW", "AY", "EH", "ER", "EY", "IH", "IY", "OW", "OY", "UH", "UW"])
#: After these an R that is not said leaves a vowel behind: "here" as HH IH AH.
DIPHTHONGS = frozenset(["IH", "EH", "UH", "AY", "AW"])


def accents(pronunciation: str) -> tuple[str, ...]:
    """The American pronunciation of a word, and the British ones that differ from it."""
    american = pronunciation.split()
    british = [_without_r(american), _without_r(_rounded(american))]
    # The vowel of "hat" lies further back in England.
    back = [[instead if sound == "AE" else sound for sound in british[0]] for instead in ("AA", "AH")]
    variants = [american, *british, *back]
    return tuple(dict.fromkeys(" ".join(variant) for variant in variants))


def _without_r(sounds: Sequence[str]) -> list[str]:
    """R is said before vowels only: "car" as K AA."""
    said: list[str] = []
    for index, sound in enumerate(sounds):
        before_vowel = index + 1 < len(sounds) and sounds[index + 1] in VOWELS
        previous = sounds[index - 1] if index else ""
        if sound == "R" and previous in VOWELS and not before_vowel:
            said += ["AH"] if previous in DIPHTHONGS else []
        else:
            said.append("AH" if sound == "ER" and not before_vowel else sound)
    return said


def _rounded(sounds: Sequence[str]) -> list[str]:
    """The vowel of "dog" and "clock" is said with rounded lips, but not that of "car"."""
    following = [*sounds[1:], ""]
    return [
        "AO" if sound == "AA" and after != "R" else sound
        for sound, after in zip(sounds, following, strict=True)
    ]
