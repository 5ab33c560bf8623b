"""Experiments: claims of the course that can be run. One file of `catalogue/` is one of them, found by its name."""
