"""Words as people type them: two spellings of one answer have one plain form."""

from __future__ import annotations

import re
import unicodedata

_LONGEST = 200  # characters
_ALIKE = str.maketrans(
    {**dict.fromkeys("‐‑‒–—−", "-"), **dict.fromkeys("‘’ʼ`", "'"), **dict.fromkeys("“”«»", '"')}
)
_AROUND = " .,;:!?\"'()[]"
_ARTICLE = re.compile(r"^(?:an?|the) (?=.)", re.IGNORECASE)


def plain(text: str, *, case: bool = False) -> str:
    """One Unicode form, one kind of dash, quote and space, no article or punctuation around it; small letters.

    With `case`, letters keep theirs.
    """
    text = unicodedata.normalize("NFKC", text[:_LONGEST]).translate(_ALIKE)
    if not case:
        text = unicodedata.normalize("NFKC", text.casefold())
    return _ARTICLE.sub("", " ".join(text.split()).strip(_AROUND))


def loose(text: str, *, case: bool = False) -> str:
    """The plain form without accents, spaces and hyphens: `back-propagation` is `backpropagation`."""
    letters = unicodedata.normalize("NFKD", plain(text, case=case))
    kept = "".join(letter for letter in letters if not unicodedata.combining(letter) and letter not in "- _")
    return kept or plain(text, case=case)


def is_accepted(text: str, accept: tuple[str, ...], patterns: tuple[str, ...], *, case: bool = False) -> bool:
    """Whether the text is one of the answers in some spelling, or its plain form is what a pattern describes."""
    if not plain(text):
        return False
    if loose(text, case=case) in {loose(answer, case=case) for answer in accept}:
        return True
    flags = 0 if case else re.IGNORECASE
    return any(re.fullmatch(pattern, plain(text, case=case), flags) for pattern in patterns)
