"""`rfdocs animation`: a window that slides, as a file."""

from __future__ import annotations

import argparse

from rfdocs.cli.figure import say_or_write, svg_file
from rfdocs.figures.animation import moving_drawing, still_drawing
from rfdocs.figures.asked_window import WINDOW, asked_window
from rfdocs.figures.drawing import standalone


def animation(arguments: argparse.Namespace) -> int:
    """0, when the animation was written."""
    target = svg_file(arguments.output)
    given = vars(arguments)
    asked = asked_window(given | {name: given[name.replace("-", "_")] for name in WINDOW})
    shown = asked.motion(asked.report())
    say_or_write(target, standalone(still_drawing(shown) if arguments.still else moving_drawing(shown)))
    return 0
