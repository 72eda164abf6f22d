"""Words of other frameworks: each leads to one of ours that exists, or to a sentence whose examples work."""

import re
from collections import Counter
from itertools import chain

import pytest

from rfdocs.catalogue.check import family_problems
from rfdocs.catalogue.family import Family
from rfdocs.language.blocks import STRUCTURE
from rfdocs.language.document import DISPUTE, DOCUMENT, EXPECT, IMPLEMENTATION, INPUT, PAPER, TAP
from rfdocs.language.operations import OPERATIONS
from rfdocs.language.synonyms import ATTRIBUTES, VALUES, Synonym, attribute_synonym, normalised, operation_synonym
from rfdocs.language.synonyms import OPERATIONS as WORDS
from rfdocs.language.values import CONTROL, Attributes, Schema

MAPPINGS = [
    DOCUMENT,
    INPUT,
    PAPER,
    IMPLEMENTATION,
    EXPECT,
    DISPUTE,
    TAP,
    *(made.mapping for made in OPERATIONS.values()),
]
TABLES = [WORDS, ATTRIBUTES, VALUES]

PYTORCH = (
    "Conv1d Conv2d Conv3d ConvTranspose1d ConvTranspose2d ConvTranspose3d LazyConv2d LazyConvTranspose2d "
    "BatchNorm1d BatchNorm2d BatchNorm3d LazyBatchNorm2d SyncBatchNorm GroupNorm LayerNorm InstanceNorm2d "
    "LocalResponseNorm RMSNorm CrossMapLRN2d MaxPool1d MaxPool2d MaxPool3d AvgPool1d AvgPool2d AvgPool3d LPPool2d "
    "FractionalMaxPool2d MaxUnpool2d AdaptiveAvgPool2d AdaptiveMaxPool2d Linear LazyLinear Flatten Unflatten "
    "Upsample UpsamplingNearest2d Fold Unfold UpsamplingBilinear2d PixelShuffle PixelUnshuffle ChannelShuffle "
    "ZeroPad2d ConstantPad2d ReflectionPad2d Sequential ReplicationPad3d CircularPad1d Identity Dropout Dropout2d "
    "AlphaDropout FeatureAlphaDropout ReLU ReLU6 LeakyReLU PReLU RReLU ELU CELU SELU GELU SiLU Mish Sigmoid "
    "LogSigmoid Tanh Hardtanh Hardswish Hardsigmoid Hardshrink Softplus Softsign Softmax Softmax2d LogSoftmax "
    "Threshold GLU MultiheadAttention Transformer TransformerEncoderLayer LSTM GRU RNN Embedding EmbeddingBag "
    "ModuleList CosineSimilarity nn.Conv2d torch.nn.ReLU F.interpolate torch.cat F.relu_ F.max_pool2d "
    "F.adaptive_avg_pool2d F.pad torch.add torch.mul torch.flatten torch.mean torch.split torch.chunk"
).split()
KERAS = (
    "Activation Add Attention Average AveragePooling2D AvgPool2D BatchNormalization Bidirectional CenterCrop "
    "Concatenate Conv1D Conv2D Conv3D Conv2DTranspose Conv3DTranspose ConvLSTM2D Convolution2D "
    "Convolution2DTranspose Cropping2D Dense DepthwiseConv2D Dot Dropout ELU Embedding Flatten GaussianNoise "
    "GlobalAveragePooling2D GlobalAvgPool1D GlobalMaxPool2D GlobalMaxPooling3D GroupNormalization Identity "
    "InputLayer Lambda LayerNormalization LeakyReLU Masking MaxPool2D MaxPooling1D Maximum Minimum "
    "MultiHeadAttention Multiply Normalization PReLU Permute RepeatVector Rescaling Reshape Resizing "
    "SeparableConv2D SeparableConvolution2D SimpleRNN SpatialDropout2D Subtract TimeDistributed UnitNormalization "
    "UpSampling1D UpSampling2D UpSampling3D ZeroPadding1D ZeroPadding2D tf.keras.layers.Conv2D layers.Dense "
    "tf.concat tf.nn.conv2d tf.nn.depthwise_conv2d tf.nn.max_pool tf.nn.bias_add tf.image.resize tf.reduce_mean "
    "depth_to_space"
).split()
CAFFE = (
    "Convolution Deconvolution Pooling InnerProduct LRN Eltwise Concat Scale BatchNorm ReLU PReLU ELU Dropout "
    "Softmax Slice Crop Interp Flatten Reshape Split Input Data Power Sigmoid TanH BNLL ConvolutionDepthwise "
    "ShuffleChannel"
).split()
ONNX = (
    "Conv ConvTranspose MaxPool AveragePool GlobalAveragePool GlobalMaxPool LpPool BatchNormalization "
    "InstanceNormalization LayerNormalization GroupNormalization LRN Gemm MatMul Add Sub Mul Div Sum Max Min Mean "
    "Concat Split Slice Gather Pad Resize Upsample DepthToSpace SpaceToDepth Flatten Reshape Transpose Squeeze "
    "Unsqueeze Relu LeakyRelu PRelu Elu Selu Sigmoid HardSigmoid HardSwish Tanh Softmax Clip Dropout Identity Cast "
    "ReduceMean MaxUnpool MaxRoiPool RoiAlign LSTM GridSample Einsum Attention DeformConv Expand Tile Where TopK "
    "NonMaxSuppression Erf Gelu Mish Softplus"
).split()
PAPERS = (
    "deconv conv_transpose dwconv dw bn batch_norm max_pool avg_pool gap fc dense flat window_attention "
    "WindowAttention residual shortcut skip_connection basic_block bottleneck inception mbconv se_block SEModule "
    "cbam nonlocal swin lstm upconv transposed_convolution transpose_conv subpixel focus spp aspp rpn convolution "
    "conv2d conv_bn_relu ConvBNAct pool pooling downsample blurpool lrn layer_norm group_norm instance_norm "
    "adaptive_avg_pool adaptive_pool maxout route reorg depthwise_conv2d sep_conv atrous_conv dilated_conv "
    "pointwise_conv"
).split()
NEAR = {"Squeeze", "MaxRoiPool", "Reduction", "NonMaxSuppression", "Expand", "flat", "skip_connection"}


def hints(text: str) -> list[str]:
    return [problem.hint for problem in family_problems(Family("net.yaml", "net", text.encode()))]


def item(text: str, axes: int = 2) -> list[str]:
    """What is said of one item behind a few layers."""
    size = [33] * axes
    return hints(f"input: {{channels: 16, size: {size}}}\nlayers:\n  - {{relu: before}}\n  - {text}\n")


# The tables


@pytest.mark.parametrize("table", TABLES, ids=["operations", "attributes", "values"])
def test_every_word_is_one_that_is_looked_up(table: tuple[Synonym, ...]) -> None:
    for synonym in table:
        assert synonym.words
        assert [word for word in synonym.words.split() if normalised(word) != word] == []
        assert synonym.target or synonym.sentence


def test_every_target_exists() -> None:
    keys = {name for mapping in MAPPINGS for name in mapping.attributes} | {*CONTROL}
    assert {synonym.target for synonym in WORDS} - {*OPERATIONS, *STRUCTURE, ""} == set()
    assert {synonym.target for synonym in ATTRIBUTES} - keys - {""} == set()
    assert {synonym.target for synonym in VALUES} - set(chain.from_iterable(map(values_of, MAPPINGS))) == set()


def values_of(mapping: Attributes) -> set[str]:
    """Every word that an attribute of a mapping can have as its value."""
    return {word for attribute in mapping.attributes.values() for word in enumerated(attribute.rule.schema)}


def enumerated(schema: Schema) -> list[str]:
    inner = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    words = [str(word).lower() if isinstance(word, bool) else word for word in schema.get("enum", [])]
    return words + [word for part in inner for word in enumerated(part)]


def test_no_word_stands_for_two_operations() -> None:
    counts = Counter(word for synonym in WORDS for word in synonym.words.split())
    assert [word for word, count in counts.items() if count > 1] == []


def test_every_operation_is_called_by_its_own_name() -> None:
    for name in OPERATIONS:
        synonym = operation_synonym(name)
        assert synonym.target == name or not synonym.hint, name


EXAMPLES = sorted(set(re.findall(r"`(\{.*?\})`", " ".join(synonym.sentence for table in TABLES for synonym in table))))


@pytest.mark.parametrize("example", [one for one in EXAMPLES if "..." not in one])
def test_every_example_in_a_sentence_works(example: str) -> None:
    assert item(example, axes=1 if "[[" in example else 2) == []


# What a stranger reads


@pytest.mark.parametrize("word", [*PYTORCH, *KERAS, *CAFFE, *ONNX, *PAPERS])
def test_another_framework_s_word_is_answered(word: str) -> None:
    if word.lower() in OPERATIONS or word in NEAR:
        return
    (hint,) = [hint for hint in item(f"{{{word}: name}}") if hint][:1]
    assert hint == operation_synonym(word).hint


@pytest.mark.parametrize(
    ("word", "target"),
    [
        ("deconv", "transposed_conv"), ("conv_transpose", "transposed_conv"), ("dwconv", "depthwise_conv"),
        ("bn", "batchnorm"), ("batch_norm", "batchnorm"), ("max_pool", "maxpool"), ("gap", "global_avgpool"),
        ("fc", "linear"), ("dense", "linear"), ("nn.Conv2d", "conv"), ("GlobalAveragePooling2D", "global_avgpool"),
        ("Conv2DTranspose", "transposed_conv"), ("InnerProduct", "linear"), ("Eltwise", "add"),
        ("LRN", "local_response_norm"),
        ("ZeroPadding2D", "pad"), ("UpSampling2D", "upsample"), ("PixelUnshuffle", "space_to_depth"),
        ("F.interpolate", "upsample"), ("torch.cat", "concat"), ("Gemm", "linear"), ("AveragePool", "avgpool"),
    ],
)  # fmt: skip
def test_a_word_leads_to_ours(word: str, target: str) -> None:
    synonym = operation_synonym(word)
    assert synonym.target == target
    assert f"'{target}'" in synonym.hint


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("{conv: c, kernel_size: 3, channels: 8}", "'kernel'"),
        ("{conv: c, ksize: 3, channels: 8}", "'kernel'"),
        ("{conv: c, kernel: 3, filters: 8}", "'channels'"),
        ("{conv: c, kernel: 3, out_channels: 8}", "'channels'"),
        ("{conv: c, kernel: 3, num_output: 8}", "'channels'"),
        ("{linear: c, units: 8}", "'channels'"),
        ("{linear: c, out_features: 8}", "'channels'"),
        ("{conv: c, kernel: 3, channels: 8, rate: 2}", "'dilation'"),
        ("{conv: c, kernel: 3, channels: 8, dilation_rate: 2}", "'dilation'"),
        ("{conv: c, kernel: 3, channels: 8, strides: 2}", "'stride'"),
        ("{conv: c, kernel: 3, channels: 8, pads: 1}", "'padding'"),
        ("{conv: c, kernel: 3, channels: 8, pad: 1}", "'padding'"),
        ("{conv: c, kernel: 3, channels: 8, group: 2}", "'groups'"),
        ("{conv: c, kernel: 3, channels: 8, activation: relu}", "'act'"),
        ("{conv: c, kernel: 3, channels: 8, use_bias: false}", "'bias'"),
        ("{conv: c, kernel: 3, channels: 8, batch_norm: true}", "norm: batch"),
        ("{conv: c, kernel: 3, channels: 8, in_channels: 16}", "leave it out"),
        ("{conv: c, kernel: 3, channels: 8, inplace: true}", "leave it out"),
        ("{conv: c, kernel: 3, channels: 8, name: d}", "the name is the value"),
        ("{conv: c, kernel: 3, channels: 8, inputs: before}", "'from'"),
        ("{conv: c, kernel: 3, channels: 8, if: true}", "'when'"),
        ("{conv: c, kernel: 3, channels: 8, repeats: 2}", "'repeat'"),
        ("{conv: c, kernel: 3, channels: 8, padding: causal}", "[[2, 0]]"),
        ("{conv: c, kernel: 3, channels: 8, padding: SAME}", "'same'"),
        ("{conv: c, kernel: 3, channels: 8, padding: SAME_UPPER}", "'same'"),
        ("{conv: c, kernel: 3, channels: 8, padding: reflect}", "padding_mode"),
        ("{conv: c, kernel: 3, channels: 8, padding_mode: zeros}", "'zero'"),
        ("{conv: c, kernel: 3, channels: 8, norm: bn}", "'batch'"),
        ("{conv: c, kernel: 3, channels: 8, act: linear}", "write `none`, or leave it out"),
        ("{conv: c, kernel: 3, channels: 8, act: lrelu}", "'leaky_relu'"),
        ("{depthwise_conv: c, kernel: 3, depth_multiplier: 2}", "`multiplier`"),
        ("{depthwise_conv: c, kernel: 3, channels: 16}", "`multiplier`"),
        ("{maxpool: c, kernel: 3, channels: 16}", "leave it out"),
        ("{maxpool: c, pool_size: 3}", "'kernel'"),
        ("{maxpool: c, kernel: 3, ceil_mode: ceil}", "`true`"),
        ("{prelu: c, channels: 16}", "one_slope"),
        ("{prelu: c, num_parameters: 16}", "one_slope"),
        ("{batchnorm: c, num_features: 16}", "leave it out"),
        ("{batchnorm: c, momentum: 0.1}", "leave it out"),
        ("{dropout: c, p: 0.5}", "leave it out"),
        ("{flatten: c, start_dim: 1}", "leave it out"),
        ("{softmax: c, dim: 1}", "leave it out"),
        ("{concat: c, from: [before, before], axis: 1}", "leave it out"),
        ("{upsample: c, scale_factor: 2}", "'scale'"),
        ("{upsample: c, scale: 2, interpolation: bilinear}", "'mode'"),
        ("{upsample: c, scale: 2, mode: trilinear}", "'bilinear'"),
        ("{upsample: c, output_size: 64}", "'size'"),
        ("{pixel_shuffle: c, upscale_factor: 2}", "'scale'"),
        ("{space_to_depth: c, block_size: 3}", "'scale'"),
        ("{adaptive_avgpool: c, output_size: 7}", "'size'"),
        ("{squeeze_excite: c, reduction: 4}", "channels_in // 16"),
        ("{attention: c, num_heads: 4}", "`parameters`, `macs`, `macs_per_unit`"),
        ("{type: Conv2d, name: c, kernel: 3, channels: 8}", "`{conv: name, ...}` in place of 'type'"),
        ("{op: conv, name: c, kernel: 3, channels: 8}", "`{conv: name, ...}` in place of 'op'"),
        ("{quux: c}", "format.html#operations"),
        ("{relu: c, xyzzy: 1}", "allowed: alias, from, learned, note"),
        ("{relu: c, kernel: 3}", "allowed: alias, from, learned, note"),
    ],
)  # fmt: skip
def test_how_a_stranger_s_item_is_mended(text: str, said: str) -> None:
    found = item(text)
    assert len(found) == 1, found
    assert said in found[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("name: a\ninput: {channels: 3, size: 8}\nlayers: [{relu: a}]", "'title'"),
        ("input: {channels: 3, shape: 8}\nlayers: [{relu: a}]", "'size'"),
        ("input: {channels: 3, size: 8}\nlayers: [{relu: a}]\nparams: {a: 1}", "'parameters'"),
        ("input: {channels: 3, size: 8}\nlayers: [{relu: a}]\nmodels: {a: }", "'variants'"),
        ("input: {channels: 3, size: 8}\nlayers: [{relu: a}]\nexpect: [{rf: 1, source: a}]", "'receptive_field'"),
        ("input: {channels: 3, size: 8}\nlayers: [{relu: a}]\nexpect: [{flops: 1, source: a}]", "half of the"),
    ],
)
def test_a_word_for_a_file_s_key_leads_to_ours(text: str, said: str) -> None:
    assert any(said in hint for hint in hints(text + "\n"))


def test_a_key_that_is_allowed_elsewhere_only_lists_what_is_allowed_here() -> None:
    assert attribute_synonym("kernel", OPERATIONS["relu"].mapping.attributes).hint == ""


def test_a_missing_attribute_is_not_missed_under_another_name() -> None:
    assert len(item("{conv: c, kernel_size: 3, filters: 8}")) == 2
