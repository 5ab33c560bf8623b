"""Numbers as they are read."""

from __future__ import annotations

import math

COMMA_FROM = 10_000  # below it a number may be a year, which has no comma
_SMALL, _LARGE = 1e-4, 1e15  # beyond them digits are counted, not read
_RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def number_text(value: float, unit: str = "") -> str:
    """Return a number in four digits or all of its whole ones, a dash for none; then its unit."""
    if not math.isfinite(value):
        return "-"
    size = abs(value)
    if size >= _LARGE or 0 < size < _SMALL:
        text = scientific(value, 4)
    else:
        text = plain(round(value) if size >= 1000 else value, 4)
    return f"{text} {unit}".rstrip()


def plain(value: float, digits: int, comma_from: int = COMMA_FROM) -> str:
    """Return a number without a power of ten: its whole digits, from five on in groups of three, or so many in all."""
    comma = "," if abs(value) >= comma_from else ""
    return f"{value:{comma}.0f}" if value == round(value) else f"{value:{comma}.{digits}g}"


def scientific(value: float, digits: int) -> str:
    """Return a number with a power of ten: 2.5×10⁶; the power alone where the factor is 1."""
    factor, exponent = f"{value:.{digits - 1}e}".split("e")
    factor = factor.rstrip("0").rstrip(".") if "." in factor else factor
    power = "10" + str(int(exponent)).translate(_RAISED)
    return f"{factor[:-1]}{power}" if factor in ("1", "-1") else f"{factor}×{power}"
