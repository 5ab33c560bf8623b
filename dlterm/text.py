"""Text from outside (files, column names, labels, error texts) on its way to a terminal."""

from __future__ import annotations

_UNSAFE = [*range(0x20), *range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A), 0x2028, 0x2029]
_TABLE = dict.fromkeys(_UNSAFE, "\N{REPLACEMENT CHARACTER}")


def safe(text: str, *, limit: int = 200) -> str:
    """One line that no terminal takes for a command.

    Control characters (C0, C1, line separators) and bidirectional overrides become U+FFFD, lone surrogates
    too; more than `limit` characters are cut, with an ellipsis.
    """
    text = text.translate(_TABLE).encode("utf-8", "replace").decode("utf-8")
    return text if len(text) <= limit else text[: limit - 1] + "…"
