"""`python -m dlterm` is `dlterm`."""

from dlterm.cli.main import run

run()
