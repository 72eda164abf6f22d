"""From a list of layers to a file that a person would have written: scopes, branches, blocks, repetitions, loops."""

from rfdocs.importing.compaction.compact import compact_layers, compact_yaml

__all__ = ["compact_layers", "compact_yaml"]
