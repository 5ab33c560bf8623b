"""A place in a lesson, told by the words that stand there, so that it is found again after the lesson was edited."""

from __future__ import annotations

from typing import Annotated

import msgspec
from msgspec import Meta

_Words = Annotated[str, Meta(max_length=4000)]


class Place(msgspec.Struct, frozen=True):
    """A paragraph by its first words, and the heading that it stands below; both are empty for the beginning."""

    heading: _Words = ""
    text: _Words = ""
