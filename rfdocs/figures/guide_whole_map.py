"""What units see that are made of a whole map: by gates, in mixtures, behind what is not known; and class tokens."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from rfdocs.algebra.interval import Interval
from rfdocs.figures.canvas import Box, Fill, Panel, Stroke, boxes
from rfdocs.figures.drawing import Drawing
from rfdocs.figures.guide_networks import small_report
from rfdocs.figures.guide_parts import UnitRows, draw_bars, draw_parts
from rfdocs.figures.palette import BLUE, INK, RED
from rfdocs.formats.numbers import ends
from rfdocs.graph import Report
from rfdocs.language.problems import CatalogueError
from rfdocs.operators import Bound

_LENGTH = 16
_DOWN = "conv: down, kernel: 3, stride: 2, padding: 1, channels: 1"
#: The last layer of each part, by its operation.
_WHOLE: Mapping[str, str] = {
    "attention": "attention: last",
    "token_mixing": "token_mixing: last, hidden: 4",
    "fourier": "fourier: last",
    "opaque": "opaque: last",
}
_TOKEN, _ATTEND = "class_token: token", "attention: attend"
#: The layers behind the convolution, by what has become of the token there.
_TOKENS: Mapping[str, Sequence[str]] = {
    "put beside": [_TOKEN],
    "attended": [_TOKEN, _ATTEND],
    "taken": [_TOKEN, _ATTEND, "take_token: taken"],
    "dropped": [_TOKEN, _ATTEND, "drop_tokens: left"],
}
_OWN, _SEEN = Stroke(RED, 9), Stroke(BLUE, 9, 0.45)
_BOUND = Stroke(BLUE, 1.5, 1, (4, 3))
_OWN_KEY, _SEEN_KEY = ("what it reads in its place", _OWN), ("all that it sees", _SEEN)
#: Half the height of a bar. Unit: rows.
_HALF = 0.18


def draw_whole_map() -> Drawing:
    """What each unit sees through a gate, where all units are mixed, and at most where it is not known."""
    reports = {name: small_report(_LENGTH, _DOWN, layer) for name, layer in _WHOLE.items()}
    rows = UnitRows(reports["opaque"].last.size[0], _LENGTH, 26, 14)

    def draw(panel: Panel, place: int) -> str:
        name = [*reports][place]
        _draw_ground(panel, name, [Box(0, 0, _LENGTH, rows.units)])
        return f"Behind {name}, {_draw_units(panel, name, reports[name])}"

    keys = (_OWN_KEY, _SEEN_KEY, ("at most this: nobody knows", _BOUND))
    canvas, told = draw_parts(rows, [*reports], keys, draw)
    alternative = (
        f"The {rows.units} units of a map, one below the other, over an image of {_LENGTH} pixels: what each sees"
        f" behind four operations that read whole maps. {told}"
    )
    return canvas.drawing("What units see that are made of a whole map", alternative)


def draw_tokens() -> Drawing:
    """What the units of a map and a class token beside them see: put there, attended, taken alone, and left out."""
    parts = tuple([(name, (_DOWN, *layers)) for name, layers in _TOKENS.items()])
    units = small_report(_LENGTH, _DOWN).last.size[0]

    def draw(panel: Panel, place: int) -> str:
        name, layers = parts[place]
        return _draw_with_token(panel, name, layers, units)

    rows = UnitRows(units, _LENGTH, 26, 14, more=("token",))
    canvas, told = draw_parts(rows, [name for name, _ in parts], (_OWN_KEY, _SEEN_KEY), draw)
    alternative = (
        f"The {units} units of a map and a class token, one below the other, over an image of {_LENGTH} pixels: what"
        f" each sees once the token is {', '.join(_TOKENS)}. {told}"
    )
    return canvas.drawing("What a class token sees, and what the units beside it see", alternative)


def token_sees(layers: Sequence[str]) -> Interval | None:
    """What the token sees that is taken behind some layers; nothing where that is refused."""
    try:
        return small_report(_LENGTH, *layers, "take_token: one").unit("one", (0,))[0].visible
    except CatalogueError:
        return None


def _draw_with_token(panel: Panel, name: str, layers: Sequence[str], units: int) -> str:
    """The rows of what there is: units in their places, and the token."""
    report = small_report(_LENGTH, *layers)
    taken = report.last.operation == "take_token"
    token = Box(0, units + 0.2, _LENGTH, units + 1)
    there = ([] if taken else [Box(0, 0, _LENGTH, units)]) + [token] * (taken or report.last.tokens > 0)
    _draw_ground(panel, name, there)
    told = f"{name.capitalize()}: {'no other unit' if taken else _draw_units(panel, name, report).rstrip('.')}"
    if token not in there:
        return f"{told}."
    seen = report.unit("taken", (0,))[0].visible if taken else token_sees(layers)
    if seen is None:
        x, y = panel.at(_LENGTH / 2, units + 0.6)
        panel.canvas.words(x, y + 6, "nothing", anchor="middle")
        return f"{told}; the token sees nothing."
    draw_bars(panel, f"token {name}", [(units + 0.6, seen)], _SEEN)
    return f"{told}; the token sees {ends(seen, ' to ')}."


def _draw_units(panel: Panel, name: str, report: Report) -> str:
    """What the last layer's units see in all, and in their places; returns what one of them sees, in words."""
    last = report.last
    units = [report.unit(last.name, (unit,))[0] for unit in range(last.size[0])]
    seen = [(unit + 0.5, one.visible) for unit, one in enumerate(units) if one.visible is not None]
    own = [(unit + 0.5, one.spatial_visible) for unit, one in enumerate(units) if one.spatial_visible is not None]
    middle = units[len(units) // 2]
    told = f"unit {len(units) // 2}"
    if last.bound is Bound.MOST:
        frames = [Box(field.first, row - _HALF, field.last + 1, row + _HALF) for row, field in seen]
        panel.shape(f"at most {name}", boxes(frames), None, _BOUND)
        return f"{told} sees at most {ends(middle.visible, ' to ')}."
    has_place = last.jump[0] is not None
    if last.global_context or not has_place:
        draw_bars(panel, f"seen {name}", seen, _SEEN)
    if has_place:
        told = f"{told} reads {ends(middle.spatial_visible, ' to ')} in its place and"
        draw_bars(panel, f"own {name}", own, _OWN)
    return f"{told} sees {ends(middle.visible, ' to ')}."


def _draw_ground(panel: Panel, name: str, parts: Iterable[Box]) -> None:
    panel.shape(f"image {name}", boxes(parts), Fill(INK, 0.07))
