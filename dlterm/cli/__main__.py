"""`python -m dlterm.cli` is `dlterm`."""

from dlterm.cli.main import run

run()
