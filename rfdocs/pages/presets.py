"""The input sizes that a page offers beside the box for any other."""

from __future__ import annotations

from collections.abc import Collection

Size = tuple[int, ...]
Preset = tuple[str, Size]

#: What people ask for of images, and of the frames of videos: an ImageNet crop, a power of two, a screen.
IMAGES = {"224": (224, 224), "512": (512, 512), "16:9": (720, 1280)}
#: What is offered of signals and volumes, whose sizes no custom sets.
TIMES = (2, 4)


def presets(published: Size, tasks: Collection[str] = ()) -> tuple[Preset, ...]:
    """The sizes to choose from, each with its name: the published one first, and none twice.

    Frames are images: videos are told from volumes by the network's tasks, and keep their number of frames.

    >>> presets((224, 224))
    (('as published', (224, 224)), ('512', (512, 512)), ('16:9', (720, 1280)))
    >>> presets((16, 112, 112), ["video"])[-1]
    ('16:9', (16, 720, 1280))
    >>> presets((16000,))
    (('as published', (16000,)), ('2 times', (32000,)), ('4 times', (64000,)))
    """
    frames = published[:-2]
    if len(published) == 2 or (frames and "video" in tasks):
        others = [(name, (*frames, *image)) for name, image in IMAGES.items()]
    else:
        others = [(f"{times} times", tuple(times * length for length in published)) for times in TIMES]
    return ("as published", published), *((name, size) for name, size in others if size != published)
