"""What a date looks like, in the forms that spreadsheets and databases write."""

from __future__ import annotations

import re

_YEAR = r"(1[89]|20)\d{2}"
_MONTH = r"(0?[1-9]|1[0-2])"
_DAY = r"(0?[1-9]|[12]\d|3[01])"
_NAME = r"(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_TIME = r"\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]m)?( ?(z|utc|[+-]\d{2}(:?\d{2})?))?"
_DATES = (
    rf"{_YEAR}[-/]{_MONTH}([-/]{_DAY})?",  # 2024-02-29, 2024/02
    rf"({_DAY}[-/]{_MONTH}|{_MONTH}[-/]{_DAY})[-/]({_YEAR}|\d{{2}})",  # 29/02/24, 2/29/2024
    rf"{_DAY}\.{_MONTH}\.{_YEAR}",  # 29.02.2024; with two digits it may be a version
    rf"{_DAY}[ -]{_NAME}[ -]({_YEAR}|\d{{2}})",  # 29 Feb 2024
    rf"{_NAME} {_DAY},? {_YEAR}",  # February 29, 2024
)
_DATE = re.compile(
    rf"({'|'.join(_DATES)})([t ]{_TIME})?|\d{{1,2}}:\d{{2}}:\d{{2}}([.,]\d+)?", re.IGNORECASE | re.ASCII
)


def is_date(text: str) -> bool:
    """Whether the text is a day, a month of a year, a time of day, or a day and a time."""
    return _DATE.fullmatch(text.strip()) is not None
