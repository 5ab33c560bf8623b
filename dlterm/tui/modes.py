"""The app's modes: what can be gone to from anywhere, by key, by mouse, from the palette and the command line."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Mode:
    """`id` names it for Textual and for the command line."""

    id: str
    key: str
    title: str
    help: str


MODES = (
    Mode("home", "1", "Home", "Where everything begins: what there is, and what you did last."),
    Mode("lab", "2", "Lab", "Change a network while it trains."),
    Mode("course", "3", "Course", "Lessons to read, to run and to try."),
    Mode("experiments", "4", "Experiments", "What the course claims: predict it, run it."),
    Mode("quiz", "5", "Quiz", "Questions, and why an answer is wrong."),
    Mode("progress", "6", "Progress", "How far you have come, and what stays."),
    Mode("shelf", "7", "Shelf", "Glossary, history, tables; search them all."),
    Mode("runs", "8", "Runs", "What has been trained, and how it came out."),
)
MODE_IDS = tuple(mode.id for mode in MODES)
