"""The picture that stands for the whole site where others show it: fields of one network, one in the other."""

from __future__ import annotations

from io import BytesIO

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from rfdocs.figures.palette import BLUE, INK, LIGHT_GROUND, RED
from rfdocs.formats.comparisons import rows_by_jump
from rfdocs.graph import Report

#: Width and height, in pixels, that those who show it expect.
WIDTH, HEIGHT = 1200, 630


def preview(name: str, report: Report) -> bytes:
    """The picture as PNG, with a name: a network's image, and around its centre the fields where its stages end."""
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=LIGHT_GROUND)
    FigureCanvasAgg(figure)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, WIDTH), ylim=(0, HEIGHT))
    axes.set_axis_off()
    fields = [layer.receptive_field[0] for layer in rows_by_jump(report).values()]
    centre, scale = (860, HEIGHT / 2), 0.85 * HEIGHT / max(fields)
    for size, color, dashed in [(report.input_size[0], INK, False), *[(size, BLUE, True) for size in fields]]:
        side = size * scale
        corner = (centre[0] - side / 2, centre[1] - side / 2)
        style = "--" if dashed else "-"
        axes.add_patch(Rectangle(corner, side, side, fill=False, edgecolor=color.light, linewidth=2.5, linestyle=style))
    axes.plot(*centre, "o", color=RED.light, markersize=9)
    axes.text(70, 400, name, fontsize=56, fontweight="bold", color=INK.light)
    for line, text in enumerate(["Receptive fields of", "convolutional networks,", "layer by layer, exact."]):
        axes.text(70, 330 - 45 * line, text, fontsize=24, color=INK.light)
    file = BytesIO()
    figure.savefig(file, format="png", metadata={"Software": None})
    return file.getvalue()
