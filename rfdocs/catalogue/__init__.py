"""The catalogue: files of networks, read with exact positions, checked, and expanded into layers."""

from rfdocs.catalogue.catalogue import Catalogue, UnknownNetwork, catalogue_folder, load
from rfdocs.catalogue.document import Description, Dispute, Expectation, Implementation, Paper
from rfdocs.catalogue.family import Entry, Family, read_family
from rfdocs.catalogue.problems import CatalogueError, Problem

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Description",
    "Dispute",
    "Entry",
    "Expectation",
    "Family",
    "Implementation",
    "Paper",
    "Problem",
    "UnknownNetwork",
    "catalogue_folder",
    "load",
    "read_family",
]
