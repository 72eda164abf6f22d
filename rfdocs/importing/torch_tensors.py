"""Which tensor each node of an exported graph is: operators write into tensors, and views share a tensor's numbers."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any

from rfdocs.importing.torch_draft import Fixed, learned_of

#: Of a view, the tensor that it shows a part of, and new numbers of the view, what the tensor is then; nothing, where
#: that is not known.
Put = Callable[[Any, Any, Any], Any]


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
    shown: dict[Any, Any] = field(default_factory=dict)
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
        self.shown[node] = source
        self.values[node] = value

    def write(self, node: Any, value: Any, source: Any, put: Put) -> bool:
        """Notes that a node is another's tensor, with new numbers, and what these make of the tensors that it shows.

        Not, where another view of them is read later: it would show numbers of the image that nobody knows here.
        """
        chain = self._chain(source)
        later = [other for other in self._views(source) if self._is_read_after(other, node)]
        tensors = [other for other in later if self.first[other] not in chain]
        if later and all(isinstance(one, Fixed) for one in (value, *map(self.__getitem__, later))):
            self.values |= {self.first[other]: _mixed(self[other], value) for other in tensors}
            self._put(chain, value, put)
        elif later and (tensors or not self._put(chain, value, put)):
            return False
        self._place(node, self.first[source], self.root[source])
        self.values[self.first[source]] = value
        return True

    def _chain(self, node: Any) -> list[Any]:
        """The first node of a tensor, and those of the tensors of which it shows a part, the whole one last."""
        chain = [self.first[node]]
        while chain[-1] is not self.root[node]:
            chain.append(self.first[self.shown[chain[-1]]])
        return chain

    def _put(self, chain: Sequence[Any], part: Any, put: Put) -> bool:
        """Whether each tensor of a chain could be given the numbers that the one before it has."""
        for view, whole in pairwise(chain):
            part = put(view, self[whole], part)
            if part is None:
                return False
            self.values[whole] = part
        return True

    def _place(self, node: Any, first: Any, root: Any) -> None:
        self.first[node], self.root[node] = first, root
        self.family[root].append(node)

    def _views(self, node: Any) -> list[Any]:
        """The other tensors of a node's family."""
        return [other for other in self.family[self.root[node]] if self.first[other] is not self.first[node]]

    def _is_read_after(self, other: Any, node: Any) -> bool:
        return any(self.order[user] > self.order[node] for user in other.users)


def _mixed(one: Fixed, other: Fixed) -> Fixed:
    """A fixed tensor of which a part may have been written; its numbers are not followed."""
    return Fixed(one.shape, learned_of((one, other)))
