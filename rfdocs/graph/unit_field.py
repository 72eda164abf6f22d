"""What one unit of a network sees, one value per axis."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from rfdocs.algebra.interval import Interval


@dataclass(frozen=True, slots=True, repr=False)
class UnitField:
    """What one unit sees on one axis: all of it, and along the spatial paths alone (without gates).

    ``field`` is what it reads of an image without ends, ``visible`` what of it are real pixels; ``None`` is nothing.
    The visible sizes say how many pixels lie in the visible fields: their length or, where these are sets, as with
    circular padding, as many as the set has. Unit: input pixels.

    >>> import rfdocs
    >>> height, width = rfdocs.load("resnet50").analyze(input_size=(320, 480)).unit("layer4", (0, 7))
    >>> height, width
    (UnitField(field=-213..213, visible=0..213), UnitField(field=11..437, visible=11..437))
    >>> height.size, height.center, height.visible_size
    (427, Fraction(1, 2), 214)
    """

    field: Interval | None
    visible: Interval | None
    spatial_field: Interval | None
    spatial_visible: Interval | None
    visible_size: int
    spatial_visible_size: int

    def __repr__(self) -> str:
        fields = {"field": self.field, "visible": self.visible}
        if (self.field, self.visible) != (self.spatial_field, self.spatial_visible):
            fields |= {"spatial_field": self.spatial_field, "spatial_visible": self.spatial_visible}
        return f"UnitField({', '.join([f'{name}={_interval_text(field)}' for name, field in fields.items()])})"

    @property
    def size(self) -> int:
        """The length of its field, 0 where it reads nothing. Unit: input pixels."""
        return 0 if self.field is None else self.field.size

    @property
    def center(self) -> Fraction | None:
        """The centre of its field; pixel 0 is centred at 0.5. Unit: input pixels."""
        return None if self.field is None else self.field.center

    @property
    def spatial_size(self) -> int:
        """The length of its field along the spatial paths, 0 where it reads nothing. Unit: input pixels."""
        return 0 if self.spatial_field is None else self.spatial_field.size

    @property
    def spatial_center(self) -> Fraction | None:
        """The centre of its field along the spatial paths. Unit: input pixels."""
        return None if self.spatial_field is None else self.spatial_field.center


def _interval_text(field: Interval | None) -> str:
    return "nothing" if field is None else f"{field.first}..{field.last}"
