"""What each code behind a problem means: one paragraph, a file that has the problem, and the same file mended.

The documentation's page of the codes is made from this table; a test runs every example and finds every code.
"""

from __future__ import annotations

from typing import NamedTuple


class Code(NamedTuple):
    """One code: ``bad`` has the problem and ``good`` has not; both are files, or command lines where files do not."""

    title: str
    paragraph: str
    bad: str
    good: str


_INPUT = "input: {channels: 3, size: 224}\n"
_LAYERS = _INPUT + "layers:\n"
_CONV = "  - {conv: conv1, kernel: 3, channels: 8}\n"

CODES: dict[str, Code] = {
    "analysis": Code(
        "A layer cannot be applied",
        "At the input size at hand a layer's window does not fit its map, a map would be left with no unit or grow "
        "beyond the limits, or the inputs of a merge differ in size or in jump. The message names the layer, what "
        "it reads where that is several, the values, and the axis. Look at the layers before it with `rfdocs table`: "
        "often one of them lacks its padding.",
        _LAYERS + "  - {conv: conv1, kernel: 300, channels: 8}\n",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: 8}\n",
    ),
    "block": Code(
        "A block that cannot be used",
        "A block is a list of layers, or `{parameters: {...}, layers: [...]}`. Its name must not be that of an "
        "operation, and its parameters must not have the names of keys that every item may have.",
        _INPUT + "blocks: {unit: 3}\nlayers:\n" + _CONV,
        _INPUT + "blocks: {unit: [{relu: act}]}\nlayers:\n" + _CONV + "  - {unit: unit1}\n",
    ),
    "channels": Code(
        "Channels do not fit",
        "The maps that are added or multiplied differ in their channels, or the groups of a convolution do not divide "
        "them. The hint names the inputs with their channels. Class tokens do not fit where a layer reads units by "
        "their places, or where one is taken that is not there.",
        _LAYERS + "  - add:\n      - [{conv: conv1, kernel: 1, channels: 8}]\n      - []\n",
        _LAYERS + "  - add:\n      - [{conv: conv1, kernel: 1, channels: 3}]\n      - []\n",
    ),
    "dispute": Code(
        "A network to differ from that is not there",
        "`disputes` names networks of the catalogue whose figures differ under the same name. No file has this id.",
        _LAYERS + _CONV + "disputes: [{network: resnet51, why: its stride is elsewhere}]\n",
        _LAYERS + _CONV + "disputes: [{network: resnet50, why: its stride is elsewhere}]\n",
    ),
    "expect": Code(
        "An expectation that says nothing, or cannot be tried",
        "An entry of `expect` needs at least one fact besides its source, and the input size that it names must be "
        "one at which the network can be analysed.",
        _LAYERS + _CONV + "expect: [{layer: conv1, source: the paper}]\n",
        _LAYERS + _CONV + "expect: [{layer: conv1, receptive_field: 3, source: the paper}]\n",
    ),
    "expression": Code(
        "An expression that has no value",
        "Between `$(` and `)` stand whole numbers, fractions, names, `+ - * / // % **`, comparisons, `and`, `or`, "
        "`not`, `a if c else b`, lists, their elements, `[a for b in c if d]`, and the functions `min`, `max`, "
        "`ceil`, `floor`, `len`, `range` and `make_divisible`; `$name` stands for one name. Nothing else is "
        "evaluated. Names are the file's parameters, a block's, a loop's, and `channels_in`, `index`, `number`.",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: $(1 << 3)}\n",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: $(2 ** 3)}\n",
    ),
    "fact": Code(
        "A fact that the arithmetic contradicts",
        "What `expect` says is not what comes out. The message has both values, the hint has the source. Either the "
        "layers differ from those that the source speaks of, or the source uses another convention, or it is wrong: "
        "all three are worth knowing, and the last is worth a note in the file.",
        _LAYERS + _CONV + "expect: [{layer: conv1, receptive_field: 5, source: the paper}]\n",
        _LAYERS + _CONV + "expect: [{layer: conv1, receptive_field: 3, source: the paper}]\n",
    ),
    "file": Code(
        "A file that cannot be read",
        "There is no such file, it is a folder, or its permissions forbid it.",
        "rfdocs table missing.yaml",
        "rfdocs table alexnet",
    ),
    "for": Code(
        "A loop that cannot run",
        "`for` names one variable or several, `in` is a list with one row for each turn, or a number of turns; a row "
        "has as many values as there are variables.",
        _LAYERS + "  - {for: [a, b], in: [[1, 2], [3]], layers: [{conv: c$a, kernel: $b, channels: 8}]}\n",
        _LAYERS + "  - {for: [a, b], in: [[1, 2], [3, 4]], layers: [{conv: c$a, kernel: $b, channels: 8}]}\n",
    ),
    "identifier": Code(
        "An id that cannot be an address",
        "Ids become names of pages and files: lower-case letters and digits, joined by `-` or `_`. They are unique in "
        "the catalogue, and the site keeps a few for itself. The id of a file without variants is its name.",
        _INPUT + "variants: {ResNet: }\nlayers:\n" + _CONV,
        _INPUT + "variants: {resnet-small: }\nlayers:\n" + _CONV,
    ),
    "incomplete": Code(
        "A file that lacks what the catalogue wants",
        "To look at a network `input` and `layers` are enough. In the catalogue each also has `title`, `year`, "
        "`authors`, `paper`, `implementation` and `tasks`, in the file or in the variant, and nothing of what "
        "`rfdocs new` wrote there as an example.",
        "title: Net\n" + _LAYERS + _CONV,
        "title: Net\nyear: 2015\nauthors: [Ada Lovelace]\npaper: {title: A net, url: https://example.org/net}\n"
        "implementation: {name: torchvision}\ntasks: [classification]\n" + _LAYERS + _CONV,
    ),
    "inputs": Code(
        "Too many inputs, or too few",
        "`add`, `concat` and `multiply` read two layers or more, named by `from` or written in place as branches; "
        "`correlation`, `cross_correlation` and `put_tokens` read two, `given` none, every other operation one. A "
        "network has `input` or `inputs`, and some layer reads each of these.",
        _LAYERS + _CONV + "  - {add: add1, from: conv1}\n",
        _LAYERS + _CONV + "  - {relu: act}\n  - {add: add1, from: [conv1, act]}\n",
    ),
    "limit": Code(
        "A limit of the format",
        "Files, their nesting, the layers that they unfold to, repetitions and numbers are bounded, so that any file "
        "is answered in bounded time and memory. A network that reaches a limit is rather a mistake than a large one.",
        _LAYERS + "  - {conv: conv1, repeat: 10000000, kernel: 3, padding: 1, channels: 8}\n",
        _LAYERS + "  - {conv: conv$number, repeat: 10, kernel: 3, padding: 1, channels: 8}\n",
    ),
    "missing": Code(
        "Something that must be there is not",
        "An attribute without a default, `input` or `layers`, or a part of a paper or a loop. The message says what "
        "it may be.",
        _LAYERS + "  - {conv: conv1, channels: 8}\n",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: 8}\n",
    ),
    "operation": Code(
        "An item without an operation, or with two",
        "Each item of `layers` has exactly one key that names an operation or a block of the file; its value is the "
        "layer's name.",
        _LAYERS + "  - {convolution: conv1, kernel: 3, channels: 8}\n",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: 8}\n",
    ),
    "twice": Code(
        "A name or a key that stands twice",
        "Two layers of one scope have the same name, or a mapping has a key twice (plain YAML readers take the last "
        "without a word).",
        _LAYERS + _CONV + _CONV,
        _LAYERS + _CONV + _CONV.replace("conv1", "conv2"),
    ),
    "type": Code(
        "A value of the wrong kind",
        "A list stands where a mapping is wanted, a mapping where a value is wanted, and so on. Often the indentation "
        "has gone astray.",
        _INPUT + "layers: conv\n",
        _INPUT + "layers:\n" + _CONV,
    ),
    "unknown-key": Code(
        "A key that is not known here",
        "The operation, the block or the part of the file has no such key. The hint names the nearest that it has.",
        _LAYERS + "  - {conv: conv1, kernl: 3, channels: 8}\n",
        _LAYERS + "  - {conv: conv1, kernel: 3, channels: 8}\n",
    ),
    "unknown-layer": Code(
        "A layer that is not there",
        "`from` names a layer that does not stand before this one, or an expectation or a tap names one that the "
        "network does not have. Inside a block names are looked up in the block first, then around it; `input` is the "
        "image; the name of a scope is its last layer.",
        _LAYERS + _CONV + "  - {relu: act, from: conv2}\n",
        _LAYERS + _CONV + "  - {relu: act, from: conv1}\n",
    ),
    "value": Code(
        "A value that is not allowed",
        "The message says what was found and what is allowed. YAML surprises: `3.0` is no whole number, `yes` and `no` "
        "are texts here (`true` and `false` are the only truth values), and a text that looks like a number needs "
        "quotes.",
        _LAYERS + "  - {conv: conv1, kernel: 0, channels: 8}\n",
        _LAYERS + "  - {conv: conv1, kernel: 1, channels: 8}\n",
    ),
    "variant": Code(
        "A variant that is not there, or not named",
        "A file with several variants is read as `file.yaml:variant`; one with a single network needs no more than its "
        "name.",
        "rfdocs table {catalogue}/vgg.yaml",
        "rfdocs table {catalogue}/vgg.yaml:vgg16",
    ),
    "yaml": Code(
        "What is not YAML, or YAML that is not allowed",
        "The file is not valid YAML or not UTF-8, or uses what this format leaves out: tags, merge keys (`<<`), keys "
        "that are no plain text, several documents in one file.",
        _INPUT + "layers: [",
        _INPUT + "layers:\n" + _CONV,
    ),
}
