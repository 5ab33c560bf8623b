"""Races against peers and the clock, run by hand: `python -m benchmarks NAME`."""
