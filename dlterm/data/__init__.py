"""Data sets: generated 2-D sets and surfaces, CSV and TSV files, splits, scaling."""
