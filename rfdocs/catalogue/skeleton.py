"""The file from which a contribution starts: whole and valid, so that there is something to look at from the start."""

from __future__ import annotations

#: What stands in a skeleton until a person writes what is true: nothing of it may stay.
AUTHORS = ("First Author", "Second Author")
PAPER = ("The paper's title", "https://arxiv.org/abs/0000.00000")
IMPLEMENTATION = ("the-implementation", "package.module.function")

_TEXT = """\
# yaml-language-server: $schema={schema}
# (For editors that know schemas: they complete and mark what is wrong. `{command}` makes that file.)
# One file for one network, or for a family of variants. Replace what stands below, line by line.
# `rfdocs table {file}` shows the layers, as often as you like;
# `rfdocs check {file}` says what is still missing or wrong.

# Who made it and where it is from: take the mark before each key away and write what is true.
title: {title}                      # the name as people write it
# year: 2015                        # the year in which it was published
# authors: [{authors}]
# paper: {{title: "{paper[0]}", url: "{paper[1]}"}}
# implementation: {{name: {implementation[0]}, symbol: {implementation[1]}}}  # whose padding is followed
tasks: [classification]             # or segmentation, detection, generation, restoration, audio, video ...

input: {{channels: 3, size: [224, 224]}}  # the nominal size: one number per axis, height before width

# Each item is one layer: its operation, its name, and what differs from the usual (stride 1, no padding, a pooling's
# stride equal to its kernel). It reads the item before it, or others by name: `from: conv1`. Take the names from the
# implementation. `norm` and `act` fold a normalisation and an activation into a layer.
layers:
  - {{conv: conv1, kernel: 7, stride: 2, padding: 3, channels: 64, norm: batch, act: relu}}
  - {{maxpool: pool1, kernel: 3, stride: 2, padding: 1}}
  - name: add1                      # branches, written in place; an empty list is the input itself
    add:
      - - {{conv: conv2, kernel: 3, padding: 1, channels: 64, act: relu}}
        - {{conv: conv3, kernel: 3, padding: 1, channels: 64}}
      - []
  - {{global_avgpool: avgpool}}
  - {{linear: fc, channels: 1000}}

# Figures that somebody published or measured, each with its source: the check recomputes them. Never write here what
# rfdocs itself has just computed. Without a `layer` they are the whole network's.
# expect:
#   - {{parameters: 148392, source: "the paper, table 1"}}
#   - {{layer: conv3, receptive_field: 27, jump: 4, start: 0.5, size: 56, source: measured by gradient}}
"""


def skeleton(identifier: str, file: str, schema: str = "format.schema.json", command: str = "rfdocs schema") -> str:
    """A commented file for a network of that id: it can be analysed, and lacks what only a person knows.

    ``schema`` is where an editor finds the format's schema, ``command`` the one that puts it there.
    """
    return _TEXT.format(
        title=identifier,
        file=file,
        schema=schema,
        command=command,
        authors=", ".join(AUTHORS),
        paper=PAPER,
        implementation=IMPLEMENTATION,
    )
