"""Reference models that take more than a call to build or to run; the registry names these functions."""

from __future__ import annotations

import importlib
import importlib.machinery
import importlib.util
import os
import sys
import tempfile
import types
from collections.abc import Callable, Mapping
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import torch
from torch import Tensor


def run_parts(model: Any, image: Tensor, *parts: str) -> Any:
    """The model's parts, each called on what the one before returned."""
    output: Any = image
    for part in parts:
        output = model.get_submodule(part)(list(output.values()) if isinstance(output, Mapping) else output)
    return output


def run_speech(model: Any, image: Tensor) -> Any:
    """A speech model of pytorchcv: it wants the number of frames, too."""
    return model(image, torch.tensor([image.shape[-1]]).to(image.device))


def run_pathways(model: Any, image: Tensor) -> Any:
    """SlowFast: the slow pathway takes every fourth frame."""
    return model([image[:, :, ::4], image])


def run_detector(model: Any, image: Tensor) -> Any:
    """A detector of mmdet: backbone, neck and head on the image itself."""
    maps = model.extract_feat(image)
    return (getattr(model, "bbox_head", None) or model.rpn_head)(maps)


def run_scores(model: Any, image: Tensor) -> Any:
    """CRAFT of easyocr: its scores, whose channels it puts last, without the features that it returns besides."""
    return model(image)[0].permute(0, 3, 1, 2)


def run_points(model: Any, image: Tensor) -> Any:
    """SuperPoint of transformers as far as its heads' maps, from which it picks points and descriptors."""
    features = model.encoder(image).last_hidden_state
    detector, descriptor = model.keypoint_decoder, model.descriptor_decoder
    scores = detector.conv_score_b(detector.relu(detector.conv_score_a(features)))
    return scores, descriptor.conv_descriptor_b(descriptor.relu(descriptor.conv_descriptor_a(features)))


#: How a model is run where it is not simply called.
RUNNERS: dict[str, Callable[[Any, Tensor], Any]] = {
    "speech": run_speech,
    "pathways": run_pathways,
    "detector": run_detector,
    "scores": run_scores,
    "points": run_points,
}


def configured(package: str, config: str) -> Any:
    """A model of the configurations that a package of OpenMMLab brings with it."""
    importlib.import_module(f"{package}.models")
    importlib.import_module("mmengine.registry").init_default_scope(package)
    file = _package_folder(package) / ".mim" / "configs" / config
    settings = importlib.import_module("mmengine.config").Config.fromfile(file)
    settings.model.backbone.init_cfg = None
    settings.model.pop("pretrained", None)
    return importlib.import_module(f"{package}.registry").MODELS.build(settings.model)


def editor(module: str, name: str, **arguments: Any) -> Any:
    """A network of mmagic, whose packages' own imports ask for far more than its networks do."""
    folder, _, _ = module.partition(".")
    inner = ("models", "models.editors", "models.archs", "models.utils", f"models.editors.{folder}")
    for package in ("mmagic", *(f"mmagic.{part}" for part in inner)):
        _bare_package(package)
    _reexport("mmagic.models.utils", "mmagic.models.utils.model_utils")
    registry = importlib.import_module("mmengine.registry").MODELS
    registry.register_module("Deconv", module=torch.nn.ConvTranspose2d, force=True)
    _reexport("mmagic.models.archs", "mmagic.models.archs.sr_backbone")
    _reexport("mmagic.models.archs", "mmagic.models.archs.upsample")
    return getattr(importlib.import_module(f"mmagic.models.editors.{module}"), name)(**arguments)


def discriminator(layers: int) -> Any:
    """The PatchGAN of mmagic of so many strided layers, on an image and its condition."""
    editor("srcnn.srcnn_net", "SRCNNNet")
    module = importlib.import_module("mmagic.models.archs.patch_disc")
    return module.PatchDiscriminator(in_channels=6, num_conv=layers, norm_cfg={"type": "BN"})


def ssd512() -> Any:
    """The SSD of torchvision whose extractor has a form for 512 pixels that none of its builders uses."""
    module = importlib.import_module("torchvision.models.detection.ssd")
    backbone = importlib.import_module("torchvision.models.vgg").vgg16(weights=None)
    extractor = getattr(module, "_vgg_extractor")(backbone, True, 5)  # noqa: B009 - it is not public
    ratios = [[2], [2, 3], [2, 3], [2, 3], [2, 3], [2], [2]]
    boxes = importlib.import_module("torchvision.models.detection.anchor_utils").DefaultBoxGenerator(ratios)
    return module.SSD(extractor, boxes, (512, 512), 91)


def yolo(config: str) -> Any:
    """A detector of ultralytics as far as the maps of its heads: neither put behind each other nor decoded."""
    os.environ.setdefault("YOLO_CONFIG_DIR", tempfile.gettempdir())  # where its import writes settings
    os.environ.setdefault("YOLO_AUTOINSTALL", "false")  # it would install what it misses
    os.environ.setdefault("YOLO_OFFLINE", "true")
    model = importlib.import_module("ultralytics.nn.tasks").DetectionModel(config, verbose=False)
    head = model.model[-1]
    levels = list(zip(head.cv2, head.cv3, strict=True))
    head.forward = lambda maps: [part(maps[level]) for level, parts in enumerate(levels) for part in parts]
    return model


def efficientdet(name: str) -> Any:
    """The EfficientDet of effdet that takes images of any size: its maps are upsampled by a factor, not to a size."""
    setattr(importlib.import_module("effdet.efficientdet"), "_USE_SCALE", True)  # noqa: B010 - no attribute of a module type
    effdet = importlib.import_module("effdet")
    return effdet.create_model(name, bench_task="", pretrained=False, pretrained_backbone=False)


def speech(name: str) -> Any:
    """A speech model of pytorchcv on features, not on sound."""
    return importlib.import_module("pytorchcv.model_provider").get_model(name, pretrained=False, from_audio=False)


def stardist(grid: int, **_shape: Any) -> Any:
    """The network of StarDist, for images of any size whatever shape is asked for, with PyTorch behind Keras.

    The packages ask for TensorFlow and for channels last, and need neither to put the network together.
    """
    keras = importlib.import_module("keras")
    setattr(importlib.import_module("tensorflow"), "__version__", "2.16")  # noqa: B010 - likewise
    keras.config.set_image_data_format("channels_last")
    importlib.import_module("csbdeep.utils.tf").BACKEND.backend = lambda: "tensorflow"
    models = importlib.import_module("stardist.models")
    keras.config.set_image_data_format("channels_first")
    with redirect_stdout(None):  # it prints its thresholds
        return models.StarDist2D(models.Config2D(grid=(grid, grid)), name=None, basedir=None).keras_model


def vggish() -> Any:
    """The network of torchvggish without its download and its post-processing."""
    module = importlib.import_module("torchvggish.torchvggish")
    return module.VGG(module.make_layers(), postprocess=False)


def cnn14() -> Any:
    """The network of panns-inference on log-mel spectrograms; what makes and normalises these is left out."""
    _bare_package("panns_inference")
    model = importlib.import_module("panns_inference.models").Cnn14(32000, 1024, 320, 64, 50, 14000, 527)
    for part in ("spectrogram_extractor", "logmel_extractor", "bn0"):
        setattr(model, part, torch.nn.Identity())
    return model


def _package_folder(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(f"{package} is not installed", name=package)
    return Path(spec.submodule_search_locations[0])


def _bare_package(name: str) -> None:
    """Lets a package's modules be imported without what its ``__init__`` imports."""
    top, *rest = name.split(".")
    module = types.ModuleType(name)
    imported = sys.modules.get(name)
    module.__path__ = list(imported.__path__) if imported else [str(_package_folder(top).joinpath(*rest))]
    module.__spec__ = importlib.machinery.ModuleSpec(name, None, is_package=True)
    module.__spec__.submodule_search_locations = list(module.__path__)
    sys.modules.setdefault(name, module)


def _reexport(package: str, module: str) -> None:
    """Lets a bare package offer what one of its modules defines."""
    for name, value in vars(importlib.import_module(module)).items():
        if not name.startswith("_"):
            vars(sys.modules[package]).setdefault(name, value)
