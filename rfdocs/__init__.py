"""Receptive fields of convolutional networks, exact, from one YAML file per family."""

__version__ = "0.1.0"
