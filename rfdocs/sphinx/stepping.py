"""The directives whose networks a reader steps through: unit by unit, and equation by equation."""

from __future__ import annotations

from typing import ClassVar

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.typing import OptionSpec

from rfdocs.catalogue.family import Entry
from rfdocs.figures import FigureKind
from rfdocs.formats.numbers import by_axis
from rfdocs.formats.program import program
from rfdocs.graph import AXES, Report
from rfdocs.pages.content import Scrubber, Stepper
from rfdocs.sphinx.base import NetworkDirective
from rfdocs.sphinx.directives import CAPTIONED

UNIT_STILLS: FigureKind[[str, Report]] = FigureKind("unit_stills.unit_stills", "some units of the last map")
WINDOW_LINES: FigureKind[[str, Report]] = FigureKind("window_lines.window_lines", "the windows of each layer")


class StepperDirective(NetworkDirective):
    """``rf-stepper``: the units of a small network, one by one, on their maps and on the image's own grid."""

    option_spec: ClassVar[OptionSpec] = CAPTIONED
    shown = Stepper
    still = UNIT_STILLS
    told = "unit by unit"

    def show_network(self, entry: Entry, report: Report) -> list[nodes.Node]:
        network, size = report.network, report.input_size
        caption = self.options.get("caption") or f"{entry.title} on {by_axis(size)} pixels, {self.told}"
        still = self.still.draw(entry.title, report)
        return self.placed(self.shown(program(network), size, AXES[network.axes], still, caption))


class ScrubberDirective(StepperDirective):
    """``rf-scrubber``: the equations of a small network, one by one, with the picture of what each says."""

    shown = Scrubber
    still = WINDOW_LINES
    told = "equation by equation"


def setup(app: Sphinx) -> None:
    """Registers the directives."""
    app.add_directive("rf-stepper", StepperDirective)
    app.add_directive("rf-scrubber", ScrubberDirective)
