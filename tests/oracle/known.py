"""Networks whose figures are known, written by loops in Python: what the judge is judged by."""

from __future__ import annotations

from typing import Any

Description = dict[str, Any]
Items = list[dict[str, Any]]


def network(size: int, layers: Items, channels: int = 3) -> Description:
    return {"input": {"channels": channels, "size": [size]}, "layers": layers}


def conv(name: str, kernel: int, channels: int = 1, **rest: Any) -> dict[str, Any]:
    return {"conv": name, "kernel": kernel, "channels": channels, **rest}


def pool(name: str, kernel: int, **rest: Any) -> dict[str, Any]:
    return {"maxpool": name, "kernel": kernel, **rest}


def alexnet_one_tower() -> Description:
    """The network of Dang Ha The Hien's guide, whose program printed its table."""
    return network(
        227,
        [
            conv("conv1", 11, stride=4),
            pool("pool1", 3, stride=2),
            conv("conv2", 5, padding=2),
            pool("pool2", 3, stride=2),
            conv("conv3", 3, padding=1),
            conv("conv4", 3, padding=1),
            conv("conv5", 3, padding=1),
            pool("pool5", 3, stride=2),
            {"linear": "fc6", "channels": 4},
            {"linear": "fc7", "channels": 4},
        ],
    )


def alexnet_torchvision() -> Description:
    return network(
        224,
        [
            conv("conv1", 11, 64, stride=4, padding=2),
            pool("pool1", 3, stride=2),
            conv("conv2", 5, padding=2),
            pool("pool2", 3, stride=2),
            conv("conv3", 3, padding=1),
            conv("conv4", 3, padding=1),
            conv("conv5", 3, padding=1),
            pool("pool5", 3, stride=2),
        ],
    )


def vgg(repeats: tuple[int, ...], size: int = 224) -> Description:
    layers: Items = []
    for stage, repeat in enumerate(repeats, start=1):
        layers += [conv(f"conv{stage}_{i}", 3, padding=1) for i in range(1, repeat + 1)]
        layers.append(pool(f"pool{stage}", 2))
    return network(size, [*layers, conv("fc6", 7), conv("fc7", 1)])


def residual(name: str, branch: Items, stride: int) -> dict[str, Any]:
    shortcut = [conv(f"{name}.down", 1, stride=stride)] if stride > 1 else []
    return {"add": [branch, shortcut], "name": name}


def basic_block(name: str, stride: int) -> dict[str, Any]:
    branch = [
        conv(f"{name}.conv1", 3, stride=stride, padding=1),
        conv(f"{name}.conv2", 3, padding=1),
    ]
    return residual(name, branch, stride)


def bottleneck(name: str, stride: int, first: bool) -> dict[str, Any]:
    """With the stride on the first 1x1 (the paper) or on the 3x3 (torchvision)."""
    branch = [
        conv(f"{name}.conv1", 1, stride=stride if first else 1),
        conv(f"{name}.conv2", 3, stride=1 if first else stride, padding=1),
        conv(f"{name}.conv3", 1),
    ]
    return residual(name, branch, stride)


def resnet(repeats: tuple[int, ...], block: Any, size: int = 224) -> Description:
    layers = [conv("conv1", 7, stride=2, padding=3), pool("maxpool", 3, stride=2, padding=1)]
    for stage, repeat in enumerate(repeats, start=1):
        strides = [2 if stage > 1 else 1, *[1] * (repeat - 1)]
        layers += [block(f"layer{stage}.{i}", stride) for i, stride in enumerate(strides)]
    return network(size, layers, channels=1)


def resnet18() -> Description:
    return resnet((2, 2, 2, 2), basic_block)


def resnet50(*, first: bool) -> Description:
    return resnet((3, 4, 6, 3), lambda name, stride: bottleneck(name, stride, first))


def two_convs(name: str, channels: int) -> Items:
    return [conv(f"{name}.{i}", 3, channels, padding=1) for i in (1, 2)]


def up(level: int, mode: str) -> dict[str, Any]:
    if mode == "transposed":
        name = f"up{level}.up"
        return {"transposed_conv": name, "kernel": 2, "stride": 2, "channels": 1}
    return {"upsample": f"up{level}.up", "scale": 2, "mode": mode}


def unet(mode: str, depth: int = 4, size: int = 64) -> Description:
    layers = two_convs("down0", 1)
    for level in range(1, depth + 1):
        layers += [pool(f"pool{level}", 2), *two_convs(f"down{level}", 1)]
    for level in reversed(range(depth)):
        skip = {"concat": f"up{level}.skip", "from": [f"up{level}.up", f"down{level}.2"]}
        layers += [up(level, mode), skip, *two_convs(f"up{level}", 1)]
    return network(size, layers, channels=1)


def dilated(dilations: tuple[int, ...], size: int = 64) -> Description:
    return network(
        size,
        [conv(f"conv{i}", 3, dilation=d, padding=d) for i, d in enumerate(dilations)],
    )


def patchgan() -> Description:
    strides = (2, 2, 2, 1, 1)
    return network(256, [conv(f"conv{i}", 4, stride=s, padding=1) for i, s in enumerate(strides)])


def mobilenet_v1(size: int) -> Description:
    """Its 3x3 convolutions, in TF-slim's SAME padding (the 1x1 change no field)."""
    strides = (2, 1, 2, 1, 2, 1, 2, 1, 1, 1, 1, 1, 2, 1)
    return network(size, [conv(f"conv{i}", 3, stride=s, padding="same") for i, s in enumerate(strides)])


def bagnet(kernels: tuple[int, int, int, int]) -> Description:
    """ResNet-50 with a 3x3 only where a stage's first blocks have one (Brendel and Bethge 2019)."""
    layers = [conv("conv1", 1), conv("conv2", 3)]
    for stage, (blocks, with_3x3) in enumerate(zip((3, 4, 6, 3), kernels, strict=True)):
        for i in range(blocks):
            kernel, stride = (3 if i < with_3x3 else 1), (2 if i == 0 and stage < 3 else 1)
            layers.append(conv(f"layer{stage + 1}.{i}", kernel, stride=stride))
    return network(224, layers)


def inception(name: str) -> dict[str, Any]:
    """torchvision's: its "5x5" branch is a 3x3 (or a 5x5 in the paper's)."""
    branches = [
        [conv(f"{name}.b1", 1)],
        [conv(f"{name}.b2.0", 1), conv(f"{name}.b2.1", 3, padding=1)],
        [conv(f"{name}.b3.0", 1), conv(f"{name}.b3.1", 3, padding=1)],
        [pool(f"{name}.b4.0", 3, stride=1, padding=1), conv(f"{name}.b4.1", 1)],
    ]
    return {"concat": branches, "name": name}


def googlenet(*, five: int = 3) -> Description:
    layers = [
        conv("conv1", 7, stride=2, padding=3),
        pool("maxpool1", 3, stride=2, ceil_mode=True),
        conv("conv2", 1),
        conv("conv3", 3, padding=1),
        pool("maxpool2", 3, stride=2, ceil_mode=True),
        *[inception(f"inception3{i}") for i in "ab"],
        pool("maxpool3", 3, stride=2, ceil_mode=True),
        *[inception(f"inception4{i}") for i in "abcde"],
        pool("maxpool4", 2 if five == 3 else 3, stride=2, ceil_mode=True),
        *[inception(f"inception5{i}") for i in "ab"],
    ]
    for item in layers:
        for branch in item.get("concat", []):
            for layer in branch:
                if layer.get("conv", "").endswith("b3.1"):
                    layer.update(kernel=five, padding=five // 2)
    return network(224, layers)
