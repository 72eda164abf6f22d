"""Which tensor each node of an exported graph is: operators write into tensors, and views share a tensor's numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from rfdocs.importing.torch_draft import Fixed, learned_of


@dataclass(slots=True)
class Tensors:
    """The nodes of a graph in their order, and what each is.

    Nodes that are one tensor, for an operator wrote into it, have one value, which stands under the first of them. A
    view has a value of its own, and belongs to the family of the tensor whose numbers it shows.
    """

    order: dict[Any, int]
    values: dict[Any, Any] = field(default_factory=dict)
    first: dict[Any, Any] = field(default_factory=dict)
    root: dict[Any, Any] = field(default_factory=dict)
    family: dict[Any, list[Any]] = field(default_factory=lambda: defaultdict(list))

    @classmethod
    def of(cls, nodes: Sequence[Any]) -> Tensors:
        """Nothing yet is known of these nodes."""
        return cls({node: place for place, node in enumerate(nodes)})

    def __getitem__(self, node: Any) -> Any:
        return self.values[self.first[node]]

    def keep(self, node: Any, value: Any, source: Any = None) -> None:
        """Notes what a node is; it may show another's numbers."""
        self._place(node, node, node if source is None else self.root[source])
        self.values[node] = value

    def write(self, node: Any, value: Any, source: Any) -> bool:
        """Notes that a node is another's tensor, with new numbers.

        Not, where a view of it that is read later would show numbers of the image that nobody knows here.
        """
        others = [other for other in self._views(source) if self._is_read_after(other, node)]
        if not all(isinstance(one, Fixed) for one in (value, *(self[other] for other in others)) if others):
            return False
        for other in others:
            self.values[self.first[other]] = Fixed(self[other].shape, learned_of((self[other], value)))
        self._place(node, self.first[source], self.root[source])
        self.values[self.first[source]] = value
        return True

    def _place(self, node: Any, first: Any, root: Any) -> None:
        self.first[node], self.root[node] = first, root
        self.family[root].append(node)

    def _views(self, node: Any) -> list[Any]:
        """The other tensors of a node's family."""
        return [other for other in self.family[self.root[node]] if self.first[other] is not self.first[node]]

    def _is_read_after(self, other: Any, node: Any) -> bool:
        return any(self.order[user] > self.order[node] for user in other.users)
