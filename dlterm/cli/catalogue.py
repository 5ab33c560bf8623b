"""What `dlterm -h` says of every command, so that it need import none of them."""

from __future__ import annotations

from typing import NamedTuple


class Entry(NamedTuple):
    """A command: its line in `dlterm -h`, and how it is used."""

    help: str
    examples: tuple[str, ...]


COMMANDS: dict[str, Entry] = {
    "home": Entry(
        "Open Home: where you stopped, first experiments, recent runs.",
        ("dlterm home",),
    ),
    "lab": Entry(
        "Open the lab: change a network while it trains.",
        (
            "dlterm lab",
            "dlterm lab 'moons?noise=0.2&hidden=4'",
            "dlterm lab measurements.csv",
            "dlterm lab --presets monday.toml",
        ),
    ),
    "train": Entry(
        "Train a network without a screen, into a run directory.",
        (
            "dlterm train spirals --hidden 8,8,8 --lr 0.01",
            "dlterm train people.csv --target income --seed 1",
            "dlterm train xor --no-save --json | tail -n 1",
            "dlterm train --resume runs/20261121-093000-spirals",
        ),
    ),
    "race": Entry(
        "Race two to four learners on the same data, one thing changed.",
        (
            "dlterm race 'moons?noise=0.2' --with lr=0.01 --with lr=0.1 --with svm",
            "dlterm race iris --with '' --with forest --headless --epochs 200",
        ),
    ),
    "runs": Entry(
        "List, show, compare and delete runs.",
        (
            "dlterm runs",
            "dlterm runs --screen",
            "dlterm runs 20261121-093000-spirals",
            "dlterm runs runs/one runs/other",
            "dlterm runs --delete runs/one",
        ),
    ),
    "watch": Entry(
        "Watch a run that trains in another process.",
        ("dlterm watch", "dlterm watch 20261121-093000-spirals", "dlterm watch --json | head -n 100"),
    ),
    "predict": Entry(
        "Predict new examples with a trained network.",
        (
            "dlterm predict runs/20261121-093000-people new.csv > predicted.csv",
            "dlterm predict runs/20261121-093000-people - --json < new.csv",
        ),
    ),
    "export": Entry(
        "Write a trained network to a file for other programs.",
        (
            "dlterm export runs/20261121-093000-people --to safetensors --out people.safetensors",
            "dlterm export runs/20261121-093000-people --to pytorch --out people.py",
        ),
    ),
    "presets": Entry(
        "List the ready-made first experiments.",
        ("dlterm presets", "dlterm presets --json", "dlterm presets monday.toml"),
    ),
    "course": Entry(
        "Open the course: lessons whose figures train in the text.",
        ("dlterm course",),
    ),
    "read": Entry(
        "Read a lesson of the course in the shell.",
        ("dlterm read", "dlterm read what-is-deep-learning", "dlterm read --search 'vanishing gradient'"),
    ),
    "handout": Entry(
        "Write a lesson for print, as HTML and Markdown.",
        ("dlterm handout neuron", "dlterm handout neuron --to class --answers"),
    ),
    "quiz": Entry(
        "Answer questions on the course; what you know comes back later and later.",
        (
            "dlterm quiz",
            "dlterm quiz neuron --n 5",
            "dlterm quiz --mode exam --n 20 --minutes 15",
            "dlterm quiz --plain",
            "printf 'b\\nt\\n' | dlterm quiz neuron --plain --seed 1 --json",
            "dlterm quiz --list",
        ),
    ),
    "progress": Entry(
        "Show how far you have come, and look after the answers that are kept.",
        (
            "dlterm progress",
            "dlterm progress --screen",
            "dlterm progress export answers.jsonl",
            "dlterm progress restore --list",
            "dlterm progress vacation 2026-07-01 2026-07-14",
        ),
    ),
    "notes": Entry(
        "Write your bookmarks and notes in the course as Markdown.",
        ("dlterm notes > notes.md", "dlterm notes --json"),
    ),
    "experiments": Entry(
        "List the experiments: claims of the course that can be run.",
        ("dlterm experiments", "dlterm experiments --screen", "dlterm experiments --json"),
    ),
    "run": Entry(
        "Run an experiment: predict, watch, see whether its claim holds.",
        ("dlterm run xor", "dlterm run xor --headless --seed 1 --set starts=100", "dlterm run --all --json"),
    ),
    "shelf": Entry(
        "Open the reference shelf: glossary, history, tables, search.",
        ("dlterm shelf",),
    ),
    "glossary": Entry(
        "Say what a word of deep learning means.",
        ("dlterm glossary softmax", "dlterm glossary batch norm", "dlterm glossary --json"),
    ),
    "timeline": Entry(
        "Print the history of deep learning, event by event.",
        (
            "dlterm timeline",
            "dlterm timeline --from 1958 --to 1974",
            "dlterm timeline --kind hardware --json",
        ),
    ),
    "tables": Entry(
        "Print a table of facts: chips, frameworks, data sets, architectures, ...",
        ("dlterm tables", "dlterm tables chips --chart", "dlterm tables frameworks --json"),
    ),
    "search": Entry(
        "Find words in the glossary, the history, the tables and the help.",
        ("dlterm search vanishing gradient", "dlterm search hinton --json"),
    ),
    "content": Entry(
        "Check lessons, questions and tables; add packs of your own; questions for Anki and Moodle.",
        (
            "dlterm content check",
            "dlterm content check my-pack --run",
            "dlterm content add my-pack",
            "dlterm content list",
            "dlterm content remove my-pack",
            "dlterm content export neuron --to anki --out neuron.txt",
            "dlterm content import moodle.gift --lesson neuron --out lessons/02-neuron.quiz.toml",
        ),
    ),
    "config": Entry(
        "List and change the settings of the app.",
        (
            "dlterm config",
            "dlterm config theme light",
            "dlterm config keys.lab.play=p",
            "dlterm config --reset theme",
        ),
    ),
    "doctor": Entry(
        "Check the terminal, the installation and dlterm's files.",
        ("dlterm doctor", "dlterm doctor --json"),
    ),
    "help": Entry(
        "Read a help topic.",
        ("dlterm help", "dlterm help exit-codes"),
    ),
    "completion": Entry(
        "Print the script that completes dlterm's commands in a shell.",
        (
            "dlterm completion bash >> ~/.bashrc",
            "dlterm completion fish > ~/.config/fish/completions/dlterm.fish",
        ),
    ),
}


def examples(*lines: str) -> str:
    """The lines as the last paragraph of a help page, kept as they are (click's \\b)."""
    return "\b\nExamples:\n" + "\n".join(f"  {line}" for line in lines)
