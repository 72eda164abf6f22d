"""Operators of units that lie nowhere in the image: class tokens, and others that are put before a map's own units."""

from __future__ import annotations

from dataclasses import dataclass

from rfdocs.algebra.reads import IDENTITY, Nothing, Window
from rfdocs.errors import ArithmeticRefusal
from rfdocs.operators.channels import Channels
from rfdocs.operators.merges import Merge, common_channels
from rfdocs.operators.operator import NO_TOKENS, AxisStep, ChannelWise, Maps, Tokens, window_step

__all__ = ["ClassToken", "DropTokens", "PutTokens", "TakeToken"]


@dataclass(frozen=True, slots=True)
class ClassToken(ChannelWise):
    """Learned units more, which lie nowhere in the image: what is done unit by unit is done to them as well, and
    attention is from and to them, too.

    Rule: ``parameters = c * count``. Source: Dosovitskiy et al. 2021, relation 1; Darcet et al. 2024, section 2.2.

    >>> ClassToken().parameters(Maps(768, (14, 14), 768, (14, 14)))
    768
    """

    count: int = 1

    about_tokens = True

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

    about_tokens = True
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
    """The map's own units, without those that lie nowhere in the image. Raises: ArithmeticRefusal where none do."""

    about_tokens = True

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        if not inputs[0].units:
            raise ArithmeticRefusal("its map has no class tokens", "leave it out")
        return NO_TOKENS


@dataclass(frozen=True, slots=True)
class PutTokens(Merge):
    """The first map, beside it the tokens of the second, of whose own units nothing is read.

    Raises: ArithmeticRefusal where the first has tokens, or the second none.
    """

    about_tokens = True

    def axis(self, axis: int, lengths: tuple[int, ...], like: int | None) -> AxisStep:
        return AxisStep(lengths[0], (IDENTITY, Nothing()))

    def channels(self, inputs: tuple[int, ...]) -> int:
        if len(inputs) != 2:
            raise ArithmeticRefusal(f"it puts the tokens of one map beside another, and reads {len(inputs)}")
        return common_channels(inputs)

    def origins(self, chosen: Channels, inputs: tuple[int, ...]) -> tuple[Channels, ...]:
        return chosen, chosen

    def tokens(self, inputs: tuple[Tokens, ...]) -> Tokens:
        own, other = inputs
        if own.units or not other.units:
            hint = "its first map has none of its own, as behind a `drop_tokens`, and its second has them"
            raise ArithmeticRefusal(f"its maps have {own.units} and {other.units} class tokens", hint)
        return other
