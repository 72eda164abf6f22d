"""The catalogue: the collection of networks, one file a family, with what is known and was verified of each."""

from rfdocs.catalogue.catalogue import Catalogue, UnknownNetwork, catalogue_folder, load
from rfdocs.catalogue.family import Entry, Family
from rfdocs.language.problems import CatalogueError, Problem

__all__ = [
    "Catalogue",
    "CatalogueError",
    "Entry",
    "Family",
    "Problem",
    "UnknownNetwork",
    "catalogue_folder",
    "load",
]
