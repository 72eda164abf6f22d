"""Bounds that keep every computation finite in time and memory, whatever a file says."""

from __future__ import annotations

#: The longest map, in units, that one axis may have at any layer.
MAP_LENGTH = 1 << 20
#: The longest period after which a field repeats (the product of the upsampling factors on a path).
PERIOD = 1 << 14
#: The most single reads that one composition may look at, and all compositions of one network's axes together.
READS = 1 << 21
FOLLOWED = 1 << 21
#: The most steps, single reads or indices of maps, in which the paths of one unit are counted on all axes.
PATHS = 1 << 22
#: The most units, and steps (a unit takes some, by its window), to find what every unit of every map really sees.
VISIBLE_UNITS = 1 << 22
VISIBLE_STEPS = 1 << 26
#: The most bits of all sets of read pixels of one axis together, and bits looked at to make them; to look at a set
#: at all takes as long as so many bits of it.
FOOTPRINT_BITS = 1 << 30
FOOTPRINT_READS = 1 << 34
FOOTPRINT_READ = 1 << 12
#: The largest grid of tiles that is followed. Unit: input pixels.
GRID = 1 << 16
#: The widest receptive field, in input pixels, for which the set of read pixels is kept.
FOOTPRINT = 1 << 20
#: The widest receptive field, in bits of its size, that is reported at all.
FIELD_BITS = 256
