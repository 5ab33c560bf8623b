"""Numbers as people write them: decimal commas, digits in groups, fractions, powers of ten, per cent, a unit."""

from __future__ import annotations

import itertools
import re
import unicodedata

_LONGEST = 60  # characters
_LARGEST_POWER = 300
_SUPERSCRIPT = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻", "0123456789+-")
_RAISED = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻]+")
_SIGNS = str.maketrans("−‐‑‒–—⁄∕÷×·⋅∙’ʼ‘`", "------///****''''")
_SAID_BEFORE = re.compile(r"^(?:[^\W\d_]\w{0,5} ?)?[=≈~]+ ?")  # z = 3, ≈ 3
_NUMBER = r"(?:\d[\d.,' _]*|[.,]\d+)"
_FORM = re.compile(
    rf"(?P<sign>[+-]? ?)(?:(?P<whole>\d+) (?=\d+ ?/))?(?P<above>{_NUMBER})"
    rf"(?: ?/ ?(?P<below>{_NUMBER}))?(?:e(?P<exponent>[+-]?\d+))?"
    rf"(?: ?[*x]? ?(?P<base>(?<![\d.,])\d+)? ?(?:\^|\*\*) ?(?P<power>[+-]?\d+))? ?(?P<unit>.*)",
    re.DOTALL,
)
_SCALES = {"k": 1e3, "thousand": 1e3, "million": 1e6, "billion": 1e9}
_GROUPED = re.compile(r"\d{1,3}(?:[ '_]\d{3})+(?=$|[.,])")


def readings(text: str, unit: str = "") -> tuple[float, ...]:
    """What the text may mean: nothing where it is no number, two numbers where it is one in two countries.

    `1,000` and `1.000` are a thousand here and one there. The unit may follow, and nothing else but %, k, thousand,
    million or billion.
    """
    if len(text) > _LONGEST:
        return ()
    plain = _plain(text)
    match = _FORM.fullmatch(plain)
    if match is None:
        return ()
    scale = _scale(match["unit"].strip(), _plain(unit))
    if scale is None:
        return ()
    sign = -1.0 if match["sign"].strip() == "-" else 1.0
    found = [sign * scale * value for value in _values(match)]
    return tuple(dict.fromkeys(value for value in found if abs(value) < float("inf")))


def _plain(text: str) -> str:
    """In the signs of ASCII where there are any: ½ is 1/2, 10³ is 10^3."""
    text = _RAISED.sub(lambda match: "^" + match[0].translate(_SUPERSCRIPT), text)
    text = "".join(
        f" {sign}" if unicodedata.decomposition(sign).startswith("<fraction>") else sign for sign in text
    )
    text = unicodedata.normalize("NFKC", text).translate(_SIGNS).casefold()
    text = "".join(str(unicodedata.decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return _SAID_BEFORE.sub("", " ".join(text.split()))


def _scale(said: str, unit: str) -> float | None:
    """What a number with these words behind it is to be multiplied by; None where they mean something else."""
    said = said.strip(" .")
    if said in ("", unit, f"{unit}s") or (said == "percent" and unit == "%"):
        return 1.0
    if said in ("%", "percent"):
        return 0.01
    word, _, rest = said.partition(" ")
    return _SCALES.get(word) if rest in ("", unit, f"{unit}s") else None


def _values(match: re.Match[str]) -> list[float]:
    """All readings of a number without its sign and unit."""
    if match["base"] is None and match["power"] is not None:  # 2^10: the number itself is the base
        above: list[float] = [_power(value, match["power"]) for value in _decimals(match["above"])]
        factor = 1.0
    else:
        above = _decimals(match["above"])
        factor = _power(float(match["base"]), match["power"]) if match["power"] is not None else 1.0
    if match["exponent"] is not None:
        factor *= _power(10.0, match["exponent"])
    whole = float(match["whole"] or 0)
    below = _decimals(match["below"]) if match["below"] is not None else [1.0]
    return [(whole + a / b) * factor for a, b in itertools.product(above, below) if b]


def _power(base: float, exponent: str) -> float:
    number = int(exponent) if len(exponent) < 6 else _LARGEST_POWER + 1
    if abs(number) > _LARGEST_POWER or (base == 0 and number < 0):
        return float("inf")
    try:
        return float(base**number)
    except OverflowError:
        return float("inf")


def _decimals(text: str) -> list[float]:
    """The readings of digits with points, commas and gaps among them."""
    text = text.strip()
    if _GROUPED.match(text):
        text = re.sub("[ '_]", "", text)
    if re.search("[^0-9.,]", text):
        return []
    found = [_grouped(text, ","), _grouped(text, "."), _decimal(text, "."), _decimal(text, ",")]
    return list(dict.fromkeys(value for value in found if value is not None))


def _grouped(text: str, gap: str) -> float | None:
    """`1,234,567.5`: groups of three, then perhaps a decimal part behind the other sign."""
    point = "." if gap == "," else ","
    whole, _, part = text.partition(point)
    if not re.fullmatch(rf"[1-9]\d{{0,2}}(?:{re.escape(gap)}\d{{3}})+", whole) or not re.fullmatch(
        r"\d*", part
    ):
        return None
    return float(f"{whole.replace(gap, '')}.{part or 0}")


def _decimal(text: str, point: str) -> float | None:
    """`12.5`, `.5`, `5.`"""
    if not re.fullmatch(rf"\d+(?:{re.escape(point)}\d*)?|{re.escape(point)}\d+", text):
        return None
    whole, _, part = text.partition(point)
    return float(f"{whole or 0}.{part or 0}")
