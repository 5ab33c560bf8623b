"""The experiments, one a file, registered by being there."""
