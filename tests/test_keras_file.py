"""Files of Keras that mean harm, or nothing: refused before Keras sees them, which need not even be installed."""

import json
import os
import sys
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest

from rfdocs.errors import RfdocsError
from rfdocs.extras import MissingExtra
from rfdocs.importing import keras_itself
from rfdocs.importing.keras_file import KerasFileError, read_config
from rfdocs.importing.model_sources import read_source

Config = dict[str, Any]


def layer(name: str, kind: str, module: str = "keras.layers", **config: Any) -> Config:
    return {"module": module, "class_name": kind, "config": {"name": name, **config}, "name": name}


def model(*layers: Config) -> Config:
    config = {"name": "net", "layers": list(layers), "input_layers": [], "output_layers": []}
    return {"module": "keras.src.models.functional", "class_name": "Functional", "config": config}


def written(tmp_path: Path, config: Any, **others: str) -> Path:
    path = tmp_path / "net.keras"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive:
        archive.writestr("config.json", config if isinstance(config, str | bytes) else json.dumps(config))
        for name, text in others.items():
            archive.writestr(name, text)
    return path


def refusal(path: Path) -> RfdocsError:
    with pytest.raises(RfdocsError, match=r".") as caught:
        read_source(str(path))
    return caught.value


def test_what_is_known_is_copied_without_what_only_training_needs(tmp_path: Path) -> None:
    conv = layer("c", "Conv2D", filters=8, kernel_initializer=layer("i", "Constant", "keras.initializers", value=[1]))
    conv["build_config"], conv["registered_name"] = {"input_shape": [None, 8, 8, 3]}, "Conv2D"
    act = {"module": "builtins", "class_name": "function", "config": "relu", "registered_name": "function"}
    conv["config"] |= {"activation": act, "kernel_regularizer": layer("r", "L2", "keras.regularizers")}
    layers = read_config(written(tmp_path, model(conv)))["config"]["layers"]
    config = {
        "name": "c",
        "filters": 8,
        "kernel_initializer": "zeros",
        "activation": "relu",
        "kernel_regularizer": None,
    }
    clean = {"module": "keras.layers", "class_name": "Conv2D", "config": config, "registered_name": None, "name": "c"}
    assert layers == [clean]


def test_all_that_may_not_be_opened_is_named_at_once(tmp_path: Path) -> None:
    code = {"class_name": "__lambda__", "config": {"value": "cafe"}}
    path = written(
        tmp_path,
        model(
            layer("twice", "Lambda", function=code),
            layer("mine", "Gate", "my_package", registered_name="my>Gate"),
            layer("shell", "system", "os"),
            layer("fetch", "get_file", "keras.utils"),
            layer("fine", "ReLU", activation=code),
        ),
    )
    error = refusal(path)
    assert error.message == f"{path}: 5 objects of the file may not be opened"
    assert list(error.details) == [
        "twice: a Lambda holds a Python function",
        "mine: the class Gate is none of Keras itself",
        "shell: the class system is none of Keras itself",
        "fetch: keras.utils.get_file is not known here",
        "fine: a Lambda holds a Python function",
    ]
    assert "no code of a file is run" in error.hint


@pytest.mark.parametrize(
    "function", ["keras.utils.get_file", "__import__('os')", "Relu", 3, None, {"config": "relu"}], ids=repr
)
def test_a_function_is_one_word_or_nothing(tmp_path: Path, function: Any) -> None:
    given = {"module": "builtins", "class_name": "function", "config": function, "registered_name": "function"}
    assert (
        "a: the class function is none of Keras itself"
        in refusal(written(tmp_path, model(layer("a", "Activation", activation=given)))).details
    )


def test_classes_of_keras_are_found_by_their_own_modules_only(tmp_path: Path) -> None:
    strays = [
        ("keras.src.layers.core.wrapper", "Conv2D"),
        ("keras.src.ops.core", "Map"),
        ("keras.src.ops.numpy.x", "Add"),
    ]
    for module, name in strays:
        assert list(refusal(written(tmp_path, model(layer("a", name, module)))).details) == [
            f"a: {module}.{name} is not known here"
        ]


@pytest.mark.parametrize(
    ("config", "says"),
    [
        ("", "is no file of Keras"),
        ("{", "is no file of Keras"),
        ("[" * 100_000, "is no file of Keras"),
        ("9" * 5000, "is no file of Keras"),
        ('{"a":' * 300 + "1" + "}" * 300, "more than 200 lists stand in each other"),
        (b"\xff\xfe\x00", "is no file of Keras"),
        ("[]", "holds no functional or sequential model"),
        (json.dumps(layer("a", "ReLU")), "holds no functional or sequential model"),
        (json.dumps(model(layer("a", "Dense", units=1 << 40))), "a: a number is beyond 2147483648"),
        (json.dumps(model(layer("a", "Dense", units=float("nan")))), "a: a number is beyond 2147483648"),
        (json.dumps(model(*[layer("a", "ReLU")] * 50_001)), "more than 50000 layers and types"),
    ],
    ids=lambda value: str(value)[:60],
)
def test_what_is_no_model_is_refused(tmp_path: Path, config: Any, says: str) -> None:
    assert says in refusal(written(tmp_path, config)).message


def test_a_bomb_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "net.keras"
    with ZipFile(path, "w", ZIP_DEFLATED) as archive, archive.open("config.json", "w") as file:
        for _ in range(65):
            file.write(b" " * (1 << 20))
    assert path.stat().st_size < 1 << 20
    assert refusal(path).message == f"{path} holds a config.json of more than 67108864 bytes"


def test_too_many_members_and_two_of_one_name_are_refused(tmp_path: Path) -> None:
    many = written(tmp_path, model(), **{f"assets/{number}": "" for number in range(10_000)})
    assert refusal(many).message == f"{many} holds 10001 files; at most 10000 are read"
    with ZipFile(many, "w") as archive:
        archive.writestr("config.json", "{}")
        archive.filelist.append(archive.filelist[0])
    assert refusal(many).message == f"{many} holds 2 files config.json"


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"\x89HDF\r\n\x1a\n" + bytes(100)])
def test_what_is_no_archive_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "net.keras"
    path.write_bytes(content)
    assert refusal(path).message.startswith(f"{path} is no file of Keras")


def test_a_file_that_is_not_there_is_told(tmp_path: Path) -> None:
    assert "No such file" in refusal(tmp_path / "none.keras").message


def test_names_are_told_short_and_on_one_line(tmp_path: Path) -> None:
    with pytest.raises(KerasFileError, match="one object") as caught:
        read_config(written(tmp_path, model(layer("a\nb" * 100, "Lambda"))))
    assert caught.value.details[0].startswith("a?ba?b")
    assert len(caught.value.details[0]) < 130


def test_without_keras_it_is_said_what_installs_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path, model(layer("a", "ReLU")))
    monkeypatch.setitem(sys.modules, "keras", None)
    monkeypatch.setattr(keras_itself, "find_spec", lambda name: None)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    with pytest.raises(
        MissingExtra, match=r"keras is not installed, and every model of Keras needs it; .*rfdocs\[keras\]"
    ):
        read_source(str(path))
    with pytest.raises(MissingExtra, match=r"keras is not installed"):
        read_source("keras.applications.ResNet50(weights=None)")


def test_without_a_backend_it_is_said_what_installs_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setattr(keras_itself, "find_spec", lambda name: name == "keras" or None)
    monkeypatch.delenv("KERAS_BACKEND", raising=False)
    with pytest.raises(MissingExtra, match=r"Keras computes with PyTorch, JAX or TensorFlow.*rfdocs\[keras,torch\]"):
        keras_itself.keras_itself()


def test_the_first_backend_that_is_there_is_taken_unless_one_is_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "keras", raising=False)
    monkeypatch.setenv("KERAS_BACKEND", "tensorflow")
    monkeypatch.setattr(keras_itself, "find_spec", lambda name: name in {"jax", "tensorflow"} or None)
    keras_itself.choose_backend()
    assert os.environ["KERAS_BACKEND"] == "tensorflow"
    monkeypatch.delenv("KERAS_BACKEND")
    keras_itself.choose_backend()
    assert os.environ.pop("KERAS_BACKEND") == "jax"
