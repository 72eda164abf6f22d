"""Operators of units that lie nowhere in the image: class tokens, and others that are put before a map's own units."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.algebra.reads import Window
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.operator import NO_TOKENS, AxisStep, ChannelWise, Maps, Tokens, window_step

__all__ = ["ClassToken", "DropTokens", "TakeToken"]


@dataclass(frozen=True, slots=True)
class ClassToken(ChannelWise):
    """Learned units more, which lie nowhere in the image: what is done unit by unit is done to them as well, and
    attention is from and to them, too.

    Rule: ``parameters = c * count``. Source: Dosovitskiy et al. 2021, relation 1; Darcet et al. 2024, section 2.2.

    >>> ClassToken().parameters(Maps(768, (14, 14), 768, (14, 14)))
    768
    """

    count: int = 1

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return Tokens(inputs[0].units + self.count)

    def parameters(self, maps: Maps) -> int:
        return self.count * maps.channels_out


@dataclass(frozen=True, slots=True)
class TakeToken(ChannelWise):
    """One such unit, as a map of one unit: it is made of all units, for it attended to them.

    Source: Dosovitskiy et al. 2021, relation 4.
    Raises: ArithmeticRefusal where there are not so many, or they attended to nothing.
    """

    index: int = 0

    collapses = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return window_step(1, Window(kernel=lengths[0]))

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        [tokens] = inputs
        if self.index >= tokens.units:
            hint = "a `class_token` before it makes them"
            raise ArithmeticRefusal(
                f"it takes token {self.index}, counted from 0, of a map that has {tokens.units}", hint
            )
        if not tokens.informed:
            hint = "put it behind an `attention` that the token goes through"
            raise ArithmeticRefusal("its token attended to no unit, and is made of nothing of the image", hint)
        return NO_TOKENS


@dataclass(frozen=True, slots=True)
class DropTokens(ChannelWise):
    """The map's own units, without those that lie nowhere in the image."""

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        return NO_TOKENS
