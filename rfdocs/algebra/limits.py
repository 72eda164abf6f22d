"""Bounds that keep every computation finite in time and memory, whatever a file says."""

from __future__ import annotations

#: The longest map, in units, that one axis may have at any layer.
MAP_LENGTH = 1 << 20
#: The longest period after which a field repeats (the product of the upsampling factors on a path).
PERIOD = 1 << 14
#: The most single reads that one composition may look at, and all compositions of one network's axes together.
READS = 1 << 21
FOLLOWED = 1 << 21
#: The most indices of all maps together to which the paths of one unit are counted.
PATHS = 1 << 22
#: The most units, and single reads of units, that are followed to find what every unit of every map really sees.
VISIBLE_UNITS = 1 << 22
VISIBLE_READS = 1 << 26
#: The most bits of all sets of read pixels of one axis together, and bits looked at to make them.
FOOTPRINT_BITS = 1 << 30
FOOTPRINT_READS = 1 << 34
#: The widest receptive field, in input pixels, for which the set of read pixels is kept.
FOOTPRINT = 1 << 20
#: The widest receptive field, in bits of its size, that is reported at all.
FIELD_BITS = 256
