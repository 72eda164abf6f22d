"""One axis of a network at one input length: every node's length, reads, field, context and alignment.

First all lengths, for what is read depends on them; then, only behind layers whose pattern holds for one size,
the units that later layers ask of each map; then the fields, in one pass: since composition distributes over the
hull of paths, the pass gives the union over all paths without listing them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial

from rfdocs.algebra.field import EMPTY, IMAGE, Field, PeriodicField, field_through, merged, tabulated
from rfdocs.algebra.interval import Interval, hull
from rfdocs.algebra.limits import FOLLOWED, MAP_LENGTH
from rfdocs.algebra.one_sided import end_of, one_sided
from rfdocs.algebra.reads import IDENTITY, Broadcast, Piece, Reads, Window
from rfdocs.errors import ArithmeticRefusal
from rfdocs.graph.alike import going_on, unlike
from rfdocs.graph.axis_node import AxisNode, Skew
from rfdocs.graph.effort import effort, goes_on, shown_fields
from rfdocs.graph.network import AXES, Layer, NetworkError, Topology
from rfdocs.operators import AxisStep

#: Gives the units of a map that later layers ask for; only asked behind layers without a jump.
Span = Callable[[], Interval]
ALIGNED: Skew = (Fraction(0), Fraction(0))

#: Is told of steps of work before they are taken, and may refuse them.
Spend = Callable[[int], None]
#: The steps of one layer on one axis, besides the single reads that are followed.
LAYER_STEPS = 20


def uncounted(steps: int) -> None:
    """Nothing: the steps are taken."""


def trace_axis(
    network: Topology, axis: int, length: int, spend: Spend = uncounted, most: int = FOLLOWED
) -> tuple[AxisNode, ...]:
    """All nodes of the network on one axis, the image first.

    Raises: NetworkError, naming the layer, where a size or a merge is impossible.
    """
    spend(LAYER_STEPS * len(network.layers))
    steps = _lengths_on(network, axis, length)
    apart, going = unlike(network, axis, steps), going_on(network, steps)
    spans = cache(partial(_spans, network, steps))  # found when the first is asked for
    nodes = [AxisNode(length, (), IMAGE, None, ALIGNED, 1)]
    followed = 0
    for index, layer in enumerate(network.layers, start=1):
        if index in apart:
            raise _not_alike(network, layer, axis, apart[index], nodes)
        span = partial(lambda node: spans()[node], index)
        sources = [nodes[node] for node in layer.inputs]
        shown = shown_fields(steps[index].shows, sources[0], nodes[layer.shown_whole], span)
        reads = effort(steps[index].reads, sources, span) + shown
        followed += reads
        if followed > most:
            raise NetworkError(layer.name, f"more than {most} single reads of layers up to here would be followed")
        spend(reads)
        nodes.append(_axis_node(network, layer, steps[index], nodes, span, index in going))
    return tuple(nodes)


def steps_on(network: Topology, axis: int, length: int) -> list[AxisStep]:
    """What all nodes do on one axis, the image first. Raises: NetworkError where a layer cannot be applied."""
    steps = _lengths_on(network, axis, length)
    for node in unlike(network, axis, steps):
        raise NetworkError(network.names[node], _UNLIKE.format(AXES[network.axes][axis]))
    return steps


#: Why maps cannot stand side by side.
_UNLIKE = "its maps are side by side, and are not made alike along the {}"


def _not_alike(
    network: Topology, layer: Layer, axis: int, pair: tuple[int, int], nodes: Sequence[AxisNode]
) -> NetworkError:
    """The error that maps side by side are not made alike on an axis, with the first units that see otherwise."""
    one, other = [nodes[node] for node in pair]
    names = [network.names[node] for node in pair]
    unit = next((unit for unit in range(one.length) if one.total(unit) != other.total(unit)), None)
    told = f"{names[0]} and {names[1]} see the same by other ways"
    if unit is not None:
        told = f"unit {unit} of {names[0]} sees {_seen(one.total(unit))}, of {names[1]} {_seen(other.total(unit))}"
    which = AXES[network.axes][axis]
    hint = f"what a unit sees along the {which} must not depend on its place: make both by the same windows there"
    return NetworkError(layer.name, f"{_UNLIKE.format(which)}: {told}", hint)


def _seen(field: Interval | None) -> str:
    return "nothing" if field is None else f"{field.first} to {field.last}"


def _lengths_on(network: Topology, axis: int, length: int) -> list[AxisStep]:
    """What all nodes do on one axis, whatever stands side by side. Raises: NetworkError."""
    steps = [AxisStep(length, ())]
    for layer, rule in zip(network.layers, network.rules, strict=True):
        lengths = tuple([steps[node].length for node in layer.inputs])
        like = None if layer.like is None else steps[layer.like].length
        try:
            step = rule.step(axis, lengths, like)
        except ArithmeticRefusal as refusal:
            names = [network.names[node] for node in layer.inputs]
            which = f"those of {' and '.join(names)}, " if len(names) > 1 else ""
            where = f"{which}at an input {AXES[network.axes][axis]} of {length}"
            raise NetworkError(layer.name, f"{refusal.message} ({where})") from None
        spread = lengths[0] == 1 and layer.operator.spreads and network.collapsed[layer.inputs[0]]
        steps.append(AxisStep(step.length, (Broadcast(),)) if spread else step)
    return steps


def _spans(network: Topology, steps: Sequence[AxisStep]) -> list[Interval]:
    """The units of every map that some later layer asks for, real or not."""
    spans = [Interval(0, step.length - 1) for step in steps]
    for index in range(len(steps) - 1, 0, -1):
        layer = network.layers[index - 1]
        for node, reads in zip(layer.inputs, steps[index].reads, strict=True):
            wider = hull((spans[node], reads.reach(spans[index])))
            assert wider is not None
            if wider.size > 4 * MAP_LENGTH:
                raise NetworkError(layer.name, f"more than {4 * MAP_LENGTH} units would have to be followed")
            spans[node] = wider
    return spans


def _axis_node(
    network: Topology, layer: Layer, step: AxisStep, nodes: Sequence[AxisNode], span: Span, goes_on_as_first: bool
) -> AxisNode:
    sources = [nodes[node] for node in layer.inputs]
    try:
        single = len(sources) == 1
        node = _one_input_node(step, sources[0], span) if single else _merged_node(network, layer, step, sources, span)
        if goes_on_as_first and isinstance(sources[0].field, PeriodicField):
            first = sources[0]
            node = replace(node, field=first.field, skew=first.skew, smallest_path=first.smallest_path)
    except ArithmeticRefusal as refusal:
        raise NetworkError(layer.name, refusal.message) from None
    if not any(step.shows):
        return node
    return replace(node, context=_context_through(step, node, nodes[layer.shown_whole], sources[0], span))


def _context_through(step: AxisStep, node: AxisNode, shown: AxisNode, source: AxisNode, span: Span) -> Field | None:
    """What the units of a gate see through it, and through those before it; ``None`` where nothing is shown."""
    if shown.empty:
        return node.context
    if all(step.shows):
        return _constant_field(shown.overall_field())
    side = _side_of(shown, source, span, before=step.shows.before)
    contexts = [side, *([] if node.context is None else [node.context])]
    periodic = [context for context in contexts if isinstance(context, PeriodicField)]
    if len(periodic) == len(contexts):
        return merged(periodic, hull)
    return tabulated([(IDENTITY, context) for context in contexts], span(), step.length, hull)


def _side_of(shown: AxisNode, source: AxisNode, span: Span, *, before: bool) -> Field:
    """What lies before the units of a map, or behind them, hull and all: where these lie in order the outermost pixel
    will do, since each unit's own field ends what lies between.
    """
    if goes_on(shown, source):
        return _constant_field(end_of(shown.total(0 if before else shown.length - 1), before=before))
    return one_sided([shown.total(unit) for unit in range(shown.length)], span(), before=before)


def _constant_field(context: Interval | None) -> PeriodicField[Interval]:
    """The same interval for every unit."""
    return PeriodicField(1, 0, (context,))


def _one_input_node(step: AxisStep, source: AxisNode, span: Span) -> AxisNode:
    reads = step.reads[0]
    field = _layer_field(reads, source.field, span, step.length)
    smallest = _smallest_path(reads, source)
    skew = source.skew if isinstance(field, PeriodicField) else None
    context = None if source.context is None else _layer_field(reads, source.context, span, step.length)
    return AxisNode(step.length, step.reads, field, context, skew, smallest, step.window, step.shows)


def _layer_field(reads: Reads, field: Field, span: Span, length: int) -> Field:
    if field.empty:
        return EMPTY
    if isinstance(field, PeriodicField) and reads.steady:
        return field_through(reads, field)
    return tabulated([(reads, field)], span(), length, hull)


def _smallest_path(reads: Reads, source: AxisNode) -> int | None:
    """Along one path fields grow by ``(k' - 1) * jump``; behind upsampling no one number holds."""
    if source.smallest_path is None or not isinstance(reads, Window) or not isinstance(source.field, PeriodicField):
        return None
    if source.field.period != 1:
        return None
    return source.smallest_path + reads.dilation * (reads.kernel - 1) * source.field.shift


def _merged_node(network: Topology, layer: Layer, step: AxisStep, sources: Sequence[AxisNode], span: Span) -> AxisNode:
    """Several paths: the hull of the spatial ones; paths of one field for all units become context."""
    pairs = list(zip(step.reads, sources, strict=True))
    constant = constant_paths(step.reads, sources)
    context = _merged_context(pairs, constant, span, step.length)
    spatial = [pair for fixed, pair in zip(constant, pairs, strict=True) if not fixed]
    named = [network.names[node] for fixed, node in zip(constant, layer.inputs, strict=True) if not fixed]
    paths = [_path_by(reads, source, span, step.length) for reads, source in spatial]
    field = _merged_field(named, spatial, [path.field for path in paths], span, step.length)
    skew = _merged_skew(field, paths)
    known = [path.smallest_path for path in paths if path.smallest_path is not None]
    smallest = min(known) if len(known) == len(paths) else None
    return AxisNode(step.length, step.reads, field, context, skew, smallest)


def _path_by(reads: Reads, source: AxisNode, span: Span, length: int) -> AxisNode:
    """An input as the units of a merge see it; one without periodic fields keeps its own."""
    if reads == IDENTITY or isinstance(reads, Piece):
        return source
    periodic = isinstance(source.field, PeriodicField)
    field = _layer_field(reads, source.field, span, length) if periodic else source.field
    return replace(source, field=field, smallest_path=_smallest_path(reads, source))


def _merged_context(
    pairs: Sequence[tuple[Reads, AxisNode]], constant: Sequence[bool], span: Span, length: int
) -> Field | None:
    """What gates add behind a merge: the paths' own contexts, and the paths that are context as a whole."""
    inputs = [
        (reads if reads.shift else IDENTITY, _constant_field(_seen_by_all(reads, source)))
        if fixed and not source.field.empty
        else (reads, source.context)
        for fixed, (reads, source) in zip(constant, pairs, strict=True)
        if reads.width
    ]
    parts = [(reads, context) for reads, context in inputs if context is not None]
    if not parts:
        return None
    contexts = [_layer_field(reads, context, span, length) for reads, context in parts]
    periodic = [context for context in contexts if isinstance(context, PeriodicField)]
    if len(periodic) == len(contexts):
        return merged(periodic, hull)
    return tabulated(parts, span(), length, hull)


def _seen_by_all(reads: Reads, source: AxisNode) -> Interval | None:
    """What every unit sees that reads a map of one field for all units, or all units of a map."""
    return source.total(0) if reads.shift else source.overall_field()


def constant_paths(reads: Sequence[Reads], sources: Sequence[AxisNode]) -> list[bool]:
    """Which inputs give every unit the same field, or none, and so are no paths beside the others.

    Where all do, those that are spread over the map by this very layer; never all of them.
    """
    every = range(len(sources))
    seen = [place for place in every if reads[place].width and not sources[place].field.empty] or every
    moving = [place for place in seen if reads[place].shift]
    paths = [place for place in moving if not sources[place].field.constant] or moving or seen
    return [place not in paths for place in every]


def _merged_field(
    names: Sequence[str], spatial: Sequence[tuple[Reads, AxisNode]], fields: Sequence[Field], span: Span, length: int
) -> Field:
    periodic = [field for field in fields if isinstance(field, PeriodicField)]
    other = next((place for place, field in enumerate(periodic) if field.slope != periodic[0].slope), 0)
    steady = all(reads.steady for reads, _ in spatial)
    if len(periodic) < len(fields) or not steady or (other and length == 1):
        return tabulated([(reads, source.field) for reads, source in spatial], span(), length, hull)
    if other:
        jumps = f"{periodic[0].jump} at {names[0]} and {periodic[other].jump} at {names[other]}"
        raise ArithmeticRefusal(f"its paths cannot be merged: the jump is {jumps}")
    return merged(periodic, hull)


def _merged_skew(field: Field, paths: Sequence[AxisNode]) -> Skew | None:
    """How far paths' centres lie from the hull's: aligned paths have ``(0, 0)``."""
    own = field.start
    if own is None:
        return None
    before, after = [], []
    for path in paths:
        start = path.field.start
        if start is None or path.skew is None:
            return None
        before.append(own - start + path.skew[0])
        after.append(start - own + path.skew[1])
    return (max(before), max(after))
