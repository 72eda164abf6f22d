"""Normalisations that older versions of ONNX have no operator for, and spell out: one node each again."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from rfdocs.importing.foreign_graph import ForeignGraph, Node

#: What is 1 / sqrt(v) in the words of ONNX, from the last function to the first.
_INVERSE_ROOTS = (("reciprocal", "sqrt"), ("sqrt", "reciprocal"), ("pow",), ("div", "sqrt"))


def with_norms(graph: ForeignGraph) -> ForeignGraph:
    """The graph with one node in place of those that spell a normalisation out; these may be dead then."""
    spelt = _Spelling(list(graph.nodes), _readers(graph))
    for number in range(len(spelt.nodes)):
        norm = spelt.layer(number) or spelt.group(number)
        if norm is not None:
            spelt.put(number, norm)
    return replace(graph, nodes=tuple(spelt.nodes))


def _readers(graph: ForeignGraph) -> list[list[int]]:
    """For each node those that read it; an output is read by nobody that is known."""
    readers: list[list[int]] = [[] for _ in graph.nodes]
    for number, node in enumerate(graph.nodes):
        for read in dict.fromkeys(node.inputs):
            readers[read].append(number)
    for output in graph.outputs:
        readers[output].extend((-1, -1))
    return readers


@dataclass(slots=True)
class _Spelling:
    nodes: list[Node]
    readers: Sequence[Sequence[int]]

    def put(self, number: int, norm: Node) -> None:
        """Nothing: the norm stands where the last of its nodes stood, with the factor and summand that follow it."""
        self.nodes[number] = norm
        for kind in ("multiply", "add"):
            following = self._learned_after(number, norm, kind)
            if following is None:
                return
            after, constant = following
            attributes = {**norm.attributes, "affine": norm.attributes["affine"] + 1}
            learned = (*norm.learned, *constant.learned)
            norm = replace(norm, attributes=attributes, learned=learned, tensor=self.nodes[after].tensor)
            norm = replace(norm, scope=norm.scope or self.nodes[after].scope)
            self.nodes[after], number = norm, after

    def _learned_after(self, number: int, norm: Node, kind: str) -> tuple[int, Node] | None:
        """The only node that reads a norm, if it is of a kind and has learned numbers for what was normalised."""
        readers = self.readers[number]
        after = self.nodes[readers[0]] if len(readers) == 1 and readers[0] > 0 else None
        if after is None or after.kind != kind or after.operator in {"Sub", "Div"} or after.shape != norm.shape:
            return None
        others = [self.nodes[one] for one in after.inputs if one != number]
        if len(others) != 1 or others[0].kind != "constant" or not _fits(others[0], norm):
            return None
        return readers[0], others[0]

    def layer(self, number: int) -> Node | None:
        """The norm of (x - mean) / sqrt(variance + epsilon), or of x / sqrt(mean of squares + epsilon)."""
        node = self.nodes[number]
        for data, root in self._quotients(node):
            squares = self._squares(root)
            if squares is None:
                continue
            axes, squared = squares
            source = self._centred(data, axes)
            if source is not None and self._same(squared, data, axes):
                return _norm(node, source, axes)
            if squared == data:
                return _norm(node, data, axes)
        return None

    def _quotients(self, node: Node) -> Iterator[tuple[int, int]]:
        """What is divided, and the variance under the root, for a division or a product with an inverse root."""
        if node.kind != "multiply" or len(node.inputs) != 2:
            return
        first, second = map(self._through, node.inputs)
        if node.operator == "Div":
            root = self._chain(second, ("sqrt",))
            if root is not None:
                yield first, root
        for data, other in ((first, second), (second, first)) if node.operator == "Mul" else ():
            roots = (self._chain(other, words) for words in _INVERSE_ROOTS)
            yield from ((data, root) for root in roots if root is not None)

    def _squares(self, number: int) -> tuple[tuple[int, ...], int] | None:
        """Over which dimensions a mean of squares goes, and of what."""
        inner = self._chain(number, ("add",))
        mean = self.nodes[number if inner is None else inner]
        if mean.kind != "reduce" or mean.attributes["mode"] != "mean" or not mean.attributes["keep"]:
            return None
        square = self.nodes[self._through(mean.inputs[0])]
        inputs = tuple(map(self._through, square.inputs))
        product = square.kind == "multiply" and len(inputs) == 2 and inputs[0] == inputs[1]
        power = square.kind == "pointwise" and square.attributes["word"] == "pow"
        return (mean.attributes["axes"], inputs[0]) if product or power else None

    def _centred(self, number: int, axes: tuple[int, ...]) -> int | None:
        """What x is in x less its mean over some dimensions."""
        node = self.nodes[number]
        if node.kind != "add" or node.operator != "Sub" or len(node.inputs) != 2:
            return None
        source, other = map(self._through, node.inputs)
        mean = self.nodes[other]
        is_mean = mean.kind == "reduce" and mean.attributes["mode"] == "mean" and mean.attributes["axes"] == axes
        return source if is_mean and mean.attributes["keep"] and self._through(mean.inputs[0]) == source else None

    def _same(self, squared: int, data: int, axes: tuple[int, ...]) -> bool:
        """Whether the variance is of what is divided; some exporters subtract the mean twice."""
        return squared == data or self._centred(squared, axes) == self._centred(data, axes)

    def group(self, number: int) -> Node | None:
        """The norm of groups that are laid out as channels, each normalised by itself, and laid back."""
        node = self.nodes[number]
        norm = self.nodes[node.inputs[0]] if node.kind == "reshape" else node
        if norm.kind != "norm" or norm.attributes["mode"] != "instance" or norm.attributes["affine"]:
            return None
        before = self.nodes[norm.inputs[0]]
        if norm is node or before.kind != "reshape":
            return None
        source, groups = before.inputs[0], norm.shape[1]
        if self.nodes[source].shape != node.shape or len(node.shape) < 2 or node.shape[1] % groups:
            return None
        attributes = {"mode": "group", "groups": groups, "axes": None, "affine": 0}
        if groups == node.shape[1]:
            attributes |= {"mode": "instance", "groups": None}
        return replace(norm, inputs=(source,), shape=node.shape, attributes=attributes, tensor=node.tensor)

    def _through(self, number: int) -> int:
        """What a node is when what only looks is left out."""
        while self.nodes[number].kind == "identity":
            number = self.nodes[number].inputs[0]
        return number

    def _chain(self, number: int, words: Sequence[str]) -> int | None:
        """What functions of one number are applied to, the last of them first."""
        for word in words:
            node = self.nodes[self._through(number)]
            if node.kind != "pointwise" or node.attributes["word"] != word:
                return None
            number = node.inputs[0]
        return self._through(number)


def _norm(node: Node, source: int, axes: tuple[int, ...]) -> Node:
    """Over both axes of an image that is a normalisation of each channel by itself."""
    spatial = len(node.shape) > 3 and axes == tuple(range(2, len(node.shape)))
    mode = {"mode": "instance", "axes": None} if spatial else {"mode": "layer", "axes": axes}
    return replace(node, kind="norm", inputs=(source,), attributes={**mode, "groups": None, "affine": 0})


def _fits(constant: Node, norm: Node) -> bool:
    """Whether a constant has one learned number for each of what is normalised together, or for each channel."""
    axes = norm.attributes["axes"] or (1,)
    padded = (1,) * (len(norm.shape) - len(constant.shape)) + constant.shape
    lengths = tuple(length if axis in axes else 1 for axis, length in enumerate(norm.shape))
    return bool(constant.learned) and padded == lengths
