"""What the verdict on an imported model of PyTorch finds: wrong work at any size, wrong sizes at another one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any

import pytest

import rfdocs
from rfdocs.errors import RfdocsError
from rfdocs.importing import mixing_nodes
from rfdocs.importing.foreign_graph import ForeignGraph
from rfdocs.importing.imported import imported
from rfdocs.importing.importing import held, verdict_on
from rfdocs.importing.model_sources import of_module, read_source
from rfdocs.importing.verdicts import ImportDisagrees, Verdict, untold

if TYPE_CHECKING:
    import torch
    from torch import nn
else:
    torch = pytest.importorskip("torch", reason="only `make verify` installs PyTorch")
    nn = torch.nn
multiplied = pytest.importorskip("rfdocs.verify.multiplied").multiplied
torch_sizes = pytest.importorskip("rfdocs.importing.torch_sizes")
whole_walk = torch_sizes.whole_walk
pytestmark = [pytest.mark.verify, pytest.mark.importing]

functional = torch.nn.functional
IMAGE = (3, 64, 64)
Misread = Callable[[ForeignGraph], ForeignGraph]


def as_it_is(graph: ForeignGraph) -> ForeignGraph:
    """The graph."""
    return graph


def verdict(module: Any, misread: Misread = as_it_is) -> Verdict:
    """The verdict on what a module is imported as, where its graph is misread."""
    model = of_module(module, IMAGE)
    return verdict_on(model, imported(misread(model.graph), "net", "Net"), untold)


def of_file(module: nn.Module, folder: Path, misread: Misread = as_it_is) -> Verdict:
    """The same of the file that PyTorch exports of a module."""
    path = folder / "net.pt2"
    torch.export.save(torch.export.export(module.eval(), (torch.zeros(1, *IMAGE),)), str(path))
    model = read_source(str(path))
    return verdict_on(model, imported(misread(model.graph), "net", "Net"), untold)


def changed(kind: str, **attributes: object) -> Misread:
    """Misreads all nodes of a kind."""

    def misread(graph: ForeignGraph) -> ForeignGraph:
        nodes = [
            replace(node, attributes={**node.attributes, **attributes}) if node.kind == kind else node
            for node in graph.nodes
        ]
        return replace(graph, nodes=tuple(nodes))

    return misread


class Levels(nn.Module):
    """A map at half the size, brought back to that of the one before it, or to a multiple of its own."""

    def __init__(self, factor: int | None = None) -> None:
        super().__init__()
        self.factor = factor
        self.fine = nn.Conv2d(3, 8, 3, 2, 1)
        self.coarse = nn.Conv2d(8, 8, 3, 2, 1)
        self.after = nn.Conv2d(8, 8, 3, padding=1)

    def forward(self, image: Any) -> Any:
        """Both maps, one behind the other."""
        fine = self.fine(image)
        given = {"scale_factor": self.factor} if self.factor else {"size": fine.shape[2:]}
        return torch.cat([fine, self.after(functional.interpolate(self.coarse(fine), **given))], 1)


class Resized(Levels):
    """The same without the finer map."""

    def forward(self, image: Any) -> Any:
        """The coarser one."""
        fine = self.fine(image)
        return self.after(functional.interpolate(self.coarse(fine), size=fine.shape[2:]))


class Attending(nn.Module):
    """Attention of one head, of queries and keys of fewer channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 8, 8)
        self.query, self.key, self.value = (nn.Conv2d(8, count, 1) for count in (4, 4, 8))

    def forward(self, image: Any) -> Any:
        """What is attended to, on the map that it was made of."""
        stem = self.stem(image)
        query, key, value = (part(stem).flatten(2) for part in (self.query, self.key, self.value))
        scores = (query.transpose(1, 2) @ key).softmax(-1)
        return stem + (value @ scores.transpose(1, 2)).unflatten(2, stem.shape[2:])


class Gate(nn.Module):
    """A window over the channels of the mean, which is repeated for every unit before it weighs the map."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3)
        self.over = nn.Conv1d(1, 1, 3, padding=1, bias=False)
        self.after = nn.Conv2d(8, 8, 3)

    def forward(self, image: Any) -> Any:
        """The weighed map behind another convolution."""
        stem = self.stem(image)
        weights = self.over(stem.mean((2, 3)).unsqueeze(1)).sigmoid().view(1, 8, 1, 1)
        return self.after(stem * weights.expand_as(stem))


class Additive(nn.Module):
    """Units in a row, their channels last, weighed by what all of them add up to."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.after = nn.Conv2d(3, 8, 3, 2, 1), nn.Conv2d(8, 4, 1)

    def forward(self, image: Any) -> Any:
        """The weighed units, on a map again."""
        stem = self.stem(image)
        rows = stem.flatten(2).transpose(1, 2)
        weighed = rows.sum(1, keepdim=True) * rows
        return self.after(weighed.transpose(1, 2).unflatten(2, stem.shape[2:]))


class Idle(nn.Module):
    """A head, and another one that runs for nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.head = nn.Conv2d(3, 8, 3), nn.Conv2d(8, 4, 3)
        self.idle = nn.Sequential(nn.Conv2d(8, 4, 3), nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(4, 2))

    def forward(self, image: Any) -> Any:
        """What the head makes of the stem."""
        stem = self.stem(image)
        self.idle(stem)
        return self.head(stem)


class Padding(nn.Module):
    """Two convolutions of stride 2 behind padding: TensorFlow's, as much of it at the end, or one unit there."""

    def __init__(self, rule: str) -> None:
        super().__init__()
        self.rule = rule
        self.stem = nn.Conv2d(3, 8, 3, 1, 1)
        self.first, self.second = nn.Conv2d(8, 8, 3, 2), nn.Conv2d(8, 8, 3, 2)

    def forward(self, image: Any) -> Any:
        """The last map."""
        return self.second(self._padded(self.first(self._padded(self.stem(image)))))

    def _padded(self, image: Any) -> Any:
        totals = [1 + length % 2 if self.rule != "one unit" else 1 for length in image.shape[:1:-1]]
        before = [total // 2 if self.rule == "same" else 0 for total in totals]
        sides = [(one, total - one) for one, total in zip(before, totals, strict=True)]
        return functional.pad(image, [*sides[0], *sides[1]])


class Whole(nn.Module):
    """Patches of a map that is filled up to whole ones, of even images not at all."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.patches = nn.Conv2d(3, 8, 3, padding=1), nn.Conv2d(8, 8, 2, 2)

    def forward(self, image: Any) -> Any:
        """The patches."""
        stem = self.stem(functional.pad(image, [0, image.shape[3] % 2, 0, image.shape[2] % 2]))
        return self.patches(functional.pad(stem, [0, stem.shape[3] % 2, 0, stem.shape[2] % 2]))


class Filled(Whole):
    """The same, filled up before the patches only."""

    def forward(self, image: Any) -> Any:
        """The patches."""
        stem = self.stem(image)
        return self.patches(functional.pad(stem, [0, stem.shape[3] % 2, 0, stem.shape[2] % 2]))


class HalfBiased(nn.Module):
    """A matrix with biases for half of its channels."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.matrix = nn.Conv2d(3, 8, 3), nn.Linear(8, 6, bias=False)
        self.bias = nn.Parameter(torch.zeros(3))

    def forward(self, image: Any) -> Any:
        """The map that it makes of the stem."""
        bias = torch.cat([self.bias, torch.zeros(3, device=self.bias.device)])
        return functional.linear(self.stem(image).movedim(1, -1), self.matrix.weight, bias).movedim(-1, 1)


class OneSize(nn.Module):
    """A map at half the size, brought back to the size of images of one size, whatever the image is."""

    def __init__(self) -> None:
        super().__init__()
        self.stem = nn.Conv2d(3, 8, 3, 2, 1)

    def forward(self, image: Any) -> Any:
        """The larger map."""
        return functional.interpolate(self.stem(image), size=IMAGE[1:])


class Cut(nn.Module):
    """A map cut at its begin, normalised, and padded by the windows behind."""

    def __init__(self) -> None:
        super().__init__()
        self.stem, self.norm, self.after = nn.Conv2d(3, 8, 3), nn.BatchNorm2d(8), nn.Conv2d(8, 8, 5, padding=2)

    def forward(self, image: Any) -> Any:
        """The last map."""
        return self.after(self.norm(self.stem(image)[:, :, 1:, 1:]))


@pytest.mark.parametrize("module", [Levels(), Attending(), Gate()], ids=["levels", "attending", "gate"])
def test_a_model_that_is_understood_agrees_in_work_and_at_another_size(module: nn.Module) -> None:
    result = verdict(module)
    assert all(text.startswith("fields: ") for text in result.unverified)
    assert sum(text.endswith(" multiply-accumulates") for text in result.agreeing) == 3
    assert any(text.startswith("the sizes of all maps at ") for text in result.agreeing)


def test_biases_of_half_the_channels_are_no_disagreement() -> None:
    assert verdict(HalfBiased()).agrees


def test_what_runs_for_nothing_is_no_part_of_the_model() -> None:
    agreeing = verdict(Idle()).agreeing
    assert "2 layers with windows or weights (same order)" in agreeing
    assert f"{62 * 62 * 8 * 27 + 60 * 60 * 4 * 72:,} multiply-accumulates" in agreeing
    assert "516 parameters" in agreeing


def test_a_sum_of_all_units_is_a_gate_wherever_the_channels_stand() -> None:
    assert "field of after: 3 x 3" in verdict(Additive()).agreeing


def test_a_scale_in_place_of_the_size_of_another_map_is_found() -> None:
    with pytest.raises(ImportDisagrees) as raised:
        verdict(Resized(), changed("upsample", size=None, scale=(2, 2)))
    assert raised.value.elsewhere
    assert raised.value.details[0].startswith("at 65 x 63: ")


def test_a_size_that_is_refused_here_alone_is_unverified() -> None:
    result = verdict(Levels(), changed("upsample", size=None, scale=(2, 2)))
    assert [text.partition(": the model takes it")[0] for text in result.unverified] == ["sizes at 65 x 63"]


def test_a_number_in_place_of_a_size_is_found() -> None:
    with pytest.raises(ImportDisagrees, match="says otherwise") as raised:
        verdict(
            nn.Sequential(nn.Upsample(scale_factor=2), nn.Conv2d(3, 4, 3)),
            changed("upsample", size=(128, 128), scale=None, fixed=True),
        )
    assert any(detail.startswith("at 65 x 63: ") for detail in raised.value.details)


def test_a_size_that_the_model_alone_refuses_is_unverified() -> None:
    result = verdict(Levels(2), changed("upsample", size=(32, 32), scale=None))
    assert [text.partition(": the model refuses it: ")[0] for text in result.unverified] == ["sizes at 65 x 63"]


def test_attention_that_counts_nothing_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mixing_nodes, "work_of", lambda products, units: {})
    with pytest.raises(ImportDisagrees) as raised:
        verdict(Attending())
    units = 8 * 8
    convolutions = units * (3 * 8 * 64 + 8 * 16)
    assert raised.value.details[0] == (
        f"multiply-accumulates: {convolutions + units**2 * (4 + 8):,} in the model, {convolutions:,} imported"
    )


@pytest.mark.parametrize("device", ["meta", "cpu"])
def test_what_no_image_changes_is_not_counted(device: str) -> None:
    weights = torch.ones((4, 4), device=device)
    image = torch.zeros((1, 5, 4), device=device)
    attention = nn.MultiheadAttention(4, 2, batch_first=True, device=device).eval()
    counted = multiplied(attention, lambda model, value: model(*[value @ (weights @ weights)] * 3), image)
    assert counted.macs == 5 * 4 * 4 + 5 * 4 * 16 + 5 * 5 * 8
    assert not counted.unknown


def test_an_operator_that_nobody_can_count_is_named() -> None:
    counted = multiplied(None, lambda _model, value: torch.fft.fft2(value), torch.zeros(1, 1, 4, 4))
    assert list(counted.unknown) == ["aten._fft_c2c"]


def paddings(rule: str) -> list[Any]:
    """The padding of all layers that the model with this rule is imported as."""
    model = of_module(Padding(rule), IMAGE)
    network, result = held(model, imported(model.graph, "net", "Net"), untold)
    assert not result.unverified
    return [item.get("padding") for item in network.entry.items]


def test_a_cut_before_a_normalisation_is_that_of_the_windows_behind() -> None:
    assert verdict(Cut()).agrees


def test_padding_that_follows_from_the_size_is_tensorflows_rule() -> None:
    assert paddings("same") == ["same", "same", "same"]


def test_what_other_sizes_alone_fill_up_is_tensorflows_rule() -> None:
    model = of_module(Filled(), IMAGE)
    network, _ = held(model, imported(model.graph, "net", "Net"), untold)
    assert [item["padding"] for item in network.entry.items] == [1, "same"]


def test_what_is_filled_up_too_early_is_no_rule() -> None:
    model = of_module(Whole(), IMAGE)
    with pytest.raises(ImportDisagrees) as refused:
        held(model, imported(model.graph, "net", "Net"), untold)
    assert refused.value.elsewhere


def test_a_size_that_is_that_of_no_image_stays_a_number() -> None:
    model = of_module(OneSize(), IMAGE)
    network = imported(model.graph, "net", "Net")
    assert network.entry.items[-1]["size"] == "input"
    fitting, _ = held(model, network, untold)
    assert fitting.entry.items[-1]["size"] == 64


def test_padding_that_is_the_same_at_all_sizes_stays_a_number() -> None:
    behind = ((0, 1), (0, 1))
    assert paddings("one unit") == [1, behind, None, behind, None]


def test_padding_by_another_rule_is_refused() -> None:
    with pytest.raises(ImportDisagrees, match="at other sizes the model itself says otherwise") as raised:
        paddings("all behind")
    assert raised.value.details[0].startswith("at 65 x 63: ")


def test_a_model_is_left_as_it_was() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3)).train()
    module[0].requires_grad_(False)
    told = [(one.dtype, one.requires_grad, one.sum().item()) for one in module.parameters()]
    rfdocs.from_torch(module, IMAGE)
    assert [(one.dtype, one.requires_grad, one.sum().item()) for one in module.parameters()] == told
    assert all(part.training for part in module.modules())


def test_a_model_that_cannot_be_copied_is_not_verified() -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3))
    module.threads = Lock()
    with pytest.raises(RfdocsError, match="cannot be copied to be verified: TypeError"):
        rfdocs.from_torch(module, IMAGE)
    assert rfdocs.from_torch(module, IMAGE, verify=False).analyze().parameters == 112


ONE_SIZE = "a file of torch.export holds a program for images of one size"


def test_a_file_of_torch_export_is_asked_as_its_model_is(tmp_path: Path) -> None:
    module = nn.Sequential(
        nn.Conv2d(3, 4, 3, 2, bias=False),
        nn.BatchNorm2d(4),
        nn.ReLU(inplace=True),
        nn.MaxPool2d(3, 2),
        nn.Conv2d(4, 8, 3),
    )
    result = of_file(module, tmp_path)
    work = 31 * 31 * 4 * 27 + 13 * 13 * 8 * 36
    counted = ["3 layers with windows or weights (same order)", f"{work:,} multiply-accumulates", "412 parameters"]
    assert result.agreeing == (*counted, "field of 0: 3 x 3", "field of 3: 7 x 7", "field of 4: 15 x 15")
    assert result.unverified == (f"other sizes: {ONE_SIZE}",)


def test_a_file_of_torch_export_that_is_misread_is_found(tmp_path: Path) -> None:
    module = nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1))
    with pytest.raises(ImportDisagrees, match="says otherwise"):
        of_file(module, tmp_path, changed("conv", dilation=(2, 2), padding=((2, 2), (2, 2))))


def test_the_fields_of_a_program_with_fixed_sizes_are_not_measured(tmp_path: Path) -> None:
    result = of_file(Levels(), tmp_path)
    assert any(text.endswith(" multiply-accumulates") for text in result.agreeing)
    assert result.unverified == (f"other sizes: {ONE_SIZE}", f"fields: {ONE_SIZE}")


class Listed(nn.Module):
    """Two stages, each in a list of its own, which holds them and does nothing."""

    def __init__(self) -> None:
        super().__init__()
        self.stages = nn.ModuleList(
            nn.ModuleDict({"window": nn.Conv2d(3, 3, 3, 2, 1), "after": nn.Sequential(nn.Conv2d(3, 3, 3, padding=1))})
            for _ in range(2)
        )

    def forward(self, image: Any) -> Any:
        """The last map."""
        for stage in self.stages:
            image = stage["after"](stage["window"](image))
        return functional.avg_pool2d(image, 2)


def test_fields_are_measured_in_modules_that_run_and_not_in_lists_of_them() -> None:
    agreeing = verdict(Listed()).agreeing
    assert "field of stages.0.after.0: 7 x 7" in agreeing
    assert "field of stages.1.after.0: 19 x 19" in agreeing


class OwnNorm(nn.Module):
    """What a map is above its channels' mean, by how far they are apart."""

    def forward(self, image: Any) -> Any:
        """As many channels."""
        mean = image.mean(1, keepdim=True)
        return (image - mean) / ((image - mean) ** 2).mean(1, keepdim=True).sqrt()


class AddedInPlace(nn.Module):
    """A map, and one that sees more added in place to its rectified numbers; the first is read after that."""

    def __init__(self) -> None:
        super().__init__()
        self.narrow, self.wide = nn.Conv2d(3, 3, 3, padding=1), nn.Conv2d(3, 3, 9, padding=4)
        self.low = nn.Conv2d(3, 3, 2, 2)

    def forward(self, image: Any) -> Any:
        """Half the first map, and the sum."""
        narrow = self.narrow(image)
        total = functional.relu(narrow)
        total += self.wide(image)
        return self.low(narrow), total


class Mixed(nn.Module):
    """A mean of two maps by weights that see more than both."""

    def __init__(self) -> None:
        super().__init__()
        self.one, self.other, self.weight = (nn.Conv2d(3, 3, size, padding=size // 2) for size in (1, 3, 9))

    def forward(self, image: Any) -> Any:
        """The mean."""
        weight = self.weight(image)
        return weight * self.one(image) + (1 - weight) * self.other(image)


@pytest.mark.parametrize(("part", "field"), [(OwnNorm(), 3), (Mixed(), 11)])
def test_nothing_cancels_out_in_fields_that_are_measured(part: nn.Module, field: int) -> None:
    agreeing = verdict(nn.Sequential(nn.Sequential(nn.Conv2d(3, 3, 3, padding=1), part), nn.MaxPool2d(2))).agreeing
    assert any(text.endswith(f": {field} x {field}") for text in agreeing)


def test_what_is_added_in_place_is_not_added_to_what_was_left_out_before() -> None:
    assert "field of low: 4 x 4" in verdict(AddedInPlace()).agreeing


class Silent(nn.Sequential):
    """A model that sets what is trained, and keeps that to itself."""

    def train(self, mode: bool = True) -> Any:
        """Nothing."""
        super().train(mode)


def test_a_model_whose_modes_give_nothing_back_is_held_against_itself() -> None:
    model = Silent(nn.Conv2d(3, 4, 3), nn.BatchNorm2d(4), nn.Conv2d(4, 4, 3))
    assert verdict(model).agreeing
    assert not model.training


class Power(nn.Module):
    """A power of every number; many of them, one after the other, are more than a float holds, or nothing."""

    def __init__(self, exponent: float) -> None:
        super().__init__()
        self.exponent = exponent

    def forward(self, image: Any) -> Any:
        """The power."""
        return functional.relu(image) ** self.exponent


@pytest.mark.parametrize("exponent", [2, -3])
def test_a_power_of_every_number_hides_no_field(exponent: float) -> None:
    parts = [part for _ in range(12) for part in (nn.Conv2d(3, 3, 3, padding=1), Power(exponent))]
    agreeing = verdict(nn.Sequential(nn.Sequential(*parts), nn.MaxPool2d(2))).agreeing
    assert any(text.endswith(": 25 x 25") for text in agreeing)


def test_a_program_is_run_without_arithmetic_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    walks: list[Any] = []

    def counted(*given: Any) -> Any:
        walks.append(given)
        return whole_walk(*given)

    monkeypatch.setattr(torch_sizes, "whole_walk", counted)
    of_file(nn.Sequential(nn.Conv2d(3, 4, 3, padding=1), nn.Conv2d(4, 4, 3, padding=1)), tmp_path)
    assert len(walks) == 1
