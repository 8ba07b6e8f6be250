"""The tools that make files of this repository."""
