"""dlterm: a course on deep learning that runs, in the terminal."""

__version__ = "0.1.0"
