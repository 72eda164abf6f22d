"""What is released: the packages, what a light install can do, what it says of what it lacks, and the data."""

import base64
import hashlib
import io
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from importlib.metadata import distribution
from pathlib import Path

import pytest

import rfdocs

pytestmark = pytest.mark.slow

VERSION = rfdocs.__version__
Done = subprocess.CompletedProcess[str]


def release(repository: Path, out: Path, *steps: str) -> Done:
    """Some steps of a release, with no registry to ask: all that they can install is what lies in the folder."""
    offline = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(out), "PIP_CONFIG_FILE": os.devnull}
    environment = os.environ | offline | {"PYTHON": sys.executable, "OUT": str(out)}
    command = ["sh", str(repository / "tools" / "release.sh"), *steps]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False, timeout=120)


def wheel_of(name: str, folder: Path) -> None:
    """Makes a wheel of an installed distribution, from the list of its files."""
    found = distribution(name)
    (tag,) = re.findall(r"^Tag: (.*)$", found.read_text("WHEEL") or "", re.MULTILINE)[-1:]
    files = [file for file in found.files or () if "__pycache__" not in str(file) and file.name != "RECORD"]
    (info,) = {file.parts[0] for file in files if file.name == "METADATA"}
    contents = {str(file): Path(str(file.locate())).read_bytes() for file in files if not str(file).startswith("..")}
    hashes = {path: base64.urlsafe_b64encode(hashlib.sha256(text).digest()) for path, text in contents.items()}
    record = "".join(f"{path},sha256={hashes[path].decode().rstrip('=')},{len(contents[path])}\n" for path in contents)
    with zipfile.ZipFile(folder / f"{info.removesuffix('.dist-info')}-{tag}.whl", "w") as archive:
        for path, text in {**contents, f"{info}/RECORD": f"{record}{info}/RECORD,,\n".encode()}.items():
            archive.writestr(path, text)


@pytest.fixture(scope="module")
def out(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the packages, and the wheel installed into an environment of its own with all that it asks for."""
    folder = tmp_path_factory.mktemp("release")
    wheel_of("PyYAML", folder)
    done = release(repository, folder, "packages", "fresh")
    assert done.returncode == 0, done.stderr
    (catalogue,) = (folder / "fresh").glob("lib/python*/site-packages/rfdocs/architectures")
    for path in catalogue.glob("*.yaml"):
        if path.stem not in ("alexnet", "resnet"):  # `rfdocs list` analyses all networks
            path.unlink()
    return folder


@pytest.fixture(scope="module")
def wheel(out: Path) -> zipfile.ZipFile:
    return zipfile.ZipFile(out / "packages" / f"rfdocs-{VERSION}-py3-none-any.whl")


# The packages


def tracked(repository: Path, *folders: str) -> set[str]:
    """The files of some folders that are in the project, or will be with the next commit."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", *folders]
    done = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=True)
    return {name for name in done.stdout.splitlines() if (repository / name).is_file()}


def test_the_wheel_holds_the_package_the_catalogue_and_the_licences(repository: Path, wheel: zipfile.ZipFile) -> None:
    names = {name for name in wheel.namelist() if ".dist-info/" not in name}
    catalogue = {f"rfdocs/{name}" for name in tracked(repository, "architectures")}
    assert names == tracked(repository, "rfdocs") | catalogue
    licences = {Path(name).name for name in wheel.namelist() if "/licenses/" in name}
    assert licences == {"LICENSE", "LICENSE-DATA"}


def test_the_wheel_asks_for_yaml_alone(wheel: zipfile.ZipFile) -> None:
    metadata = wheel.read(f"rfdocs-{VERSION}.dist-info/METADATA").decode()
    asked = re.findall(r"^Requires-Dist: (?!.*extra ==)(.*)$", metadata, re.MULTILINE)
    assert [re.split(r"[<>=]", one)[0] for one in asked] == ["pyyaml"]


def test_the_packages_are_the_same_bytes_at_every_time(repository: Path, out: Path, tmp_path: Path) -> None:
    assert release(repository, tmp_path, "packages").returncode == 0
    first, again = ({path.name: path.read_bytes() for path in (one / "packages").iterdir()} for one in (out, tmp_path))
    assert len(first) == 2
    assert first == again


# A light install


def light(out: Path, *arguments: str, cwd: Path) -> Done:
    """A command in the fresh environment."""
    command = [str(out / "fresh" / "bin" / "rfdocs"), *arguments]
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, env=clean, cwd=cwd, capture_output=True, text=True, check=False, timeout=60)


def test_a_light_install_brings_yaml_alone(out: Path) -> None:
    (packages,) = (out / "fresh").glob("lib/python*/site-packages")
    found = {path.name.split("-")[0].lower() for path in packages.glob("*.dist-info")}
    assert found == {"rfdocs", "pyyaml"}


LIGHT = [
    (["list"], "resnet50"),
    (["table", "resnet50", "--format", "json"], '"network": "resnet50"'),
    (["table", "resnet50", "--format", "latex"], "tabular"),
    (["query", "resnet50", "layer4", "3", "3"], "visible"),
    (["seen-by", "resnet50", "layer4", "3", "3"], "units"),
    (["new", "my-network"], "my-network.yaml"),
    (["schema"], '"$schema"'),
    (["figure", "--help"], "FILE.svg"),
]


@pytest.mark.parametrize(("arguments", "said"), LIGHT, ids=lambda value: value[0] if isinstance(value, list) else "")
def test_a_light_install_gives_all_but_figures_and_pages(
    out: Path, tmp_path: Path, arguments: list[str], said: str
) -> None:
    done = light(out, *arguments, cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert said in done.stdout


def test_a_light_install_checks_files(out: Path, repository: Path, tmp_path: Path) -> None:
    done = light(out, "check", str(repository / "architectures" / "alexnet.yaml"), cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")


def test_a_figure_without_matplotlib_is_refused_in_one_line(out: Path, tmp_path: Path) -> None:
    done = light(out, "figure", "alexnet", "growth", "-o", "growth.svg", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "rfdocs: matplotlib is not installed, and every figure needs it\n  hint: pip install 'rfdocs[figures]'\n"
    )
    assert list(tmp_path.iterdir()) == []


def test_a_site_without_sphinx_is_refused_in_one_line(out: Path, tmp_path: Path) -> None:
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "conf.py").write_text("", "utf-8")
    done = light(out, "build", cwd=tmp_path)
    assert done.returncode == 1
    assert done.stderr == (
        "rfdocs: sphinx is not installed, and the site needs it\n  hint: pip install 'rfdocs[site]'\n"
    )


def test_python_without_matplotlib_is_told_which_extra_brings_it(out: Path, tmp_path: Path) -> None:
    code = """
import rfdocs
from rfdocs.extras import MissingExtra
from rfdocs.figures import draw
entry = rfdocs.load("alexnet")
try:
    draw("growth", entry, entry.analyze())
except MissingExtra as error:
    print(error.hint, isinstance(error, ImportError))
"""
    command = [str(out / "fresh" / "bin" / "python"), "-I", "-c", code]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.stdout == "pip install 'rfdocs[figures]' True\n", done.stderr


# A Sphinx project without what the extension draws with

LACKING = """
import sys

class Missing:
    def find_spec(self, name, path=None, target=None):
        if name in {missing!r}:
            raise ModuleNotFoundError(f"No module named {{name!r}}", name=name)

sys.meta_path.insert(0, Missing())
extensions = ["rfdocs.sphinx"]
html_theme = "basic"
show_warning_types = True
"""


def built(folder: Path, missing: list[str], conf: str = "", index: str = "Ours\n====\n") -> Done:
    """A project that is built where some packages cannot be imported."""
    (folder / "conf.py").write_text(LACKING.format(missing=missing) + conf, "utf-8")
    (folder / "index.rst").write_text(index, "utf-8")
    command = [sys.executable, "-m", "sphinx", "-b", "html", ".", "_build"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, timeout=120)


FIGURES = "matplotlib is not installed, and every figure needs it; pip install 'rfdocs[figures]'"


def test_a_project_without_matplotlib_is_told_at_each_figure(tmp_path: Path) -> None:
    index = "Ours\n====\n\n.. rf-table:: alexnet\n\n.. rf-figure:: alexnet growth\n\n.. rf-network:: lenet5\n"
    index += "\n.. rf-stepper:: lenet5\n\n.. rf-scrubber:: lenet5\n"
    done = built(tmp_path, ["matplotlib"], index=index)
    assert done.returncode == 0
    warnings = [line for line in done.stderr.splitlines() if line]
    assert [line.partition("index.rst:")[2].removesuffix(" [rfdocs.directive]") for line in warnings] == [
        f"6: WARNING: {FIGURES}",
        f"8: WARNING: {FIGURES}",
        f"10: WARNING: {FIGURES}",
        f"12: WARNING: {FIGURES}",
    ]
    assert "conv5" in (tmp_path / "_build" / "index.html").read_text("utf-8")


def test_pages_of_networks_without_matplotlib_are_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "nets").mkdir()
    (tmp_path / "nets" / "a.yaml").write_text(
        "input: {channels: 1, size: [9]}\nlayers: [{conv: c, kernel: 3, channels: 1}]"
    )
    done = built(tmp_path, ["matplotlib"], conf="rfdocs_catalogue = 'nets'\n")
    assert done.returncode != 0
    assert FIGURES in done.stderr


def test_a_project_without_what_writes_formulas_is_told_what_brings_it(tmp_path: Path) -> None:
    done = built(tmp_path, ["latex2mathml"])
    assert done.returncode != 0
    assert "latex2mathml is not installed, and every formula needs it; pip install 'rfdocs[sphinx]'" in done.stderr


# What the pages say of it


def extras(repository: Path) -> dict[str, list[str]]:
    """The requirements of each extra and, under no name, of the package itself."""
    project = tomllib.loads((repository / "pyproject.toml").read_text("utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def installed(repository: Path, extra: str) -> set[str]:
    """The distributions that an extra brings, with those of the extras that it asks for."""
    asked = extras(repository)[extra]
    own = {re.split("[<>=]", one)[0].lower() for one in asked if not one.startswith("rfdocs[")}
    return own.union(*(installed(repository, one[7:-1]) for one in asked if one.startswith("rfdocs[")))


def test_the_page_on_installing_names_what_each_extra_brings(repository: Path) -> None:
    page = (repository / "site" / "cli.md").read_text("utf-8")
    rows = re.findall(r"^\| `'?rfdocs(?:\[(\w+)\]')?` \| .* \| (.*) \|$", page, re.MULTILINE)
    told = {extra: set(re.split(r", | and ", brings.lower())) for extra, brings in rows}
    assert told.pop("site") == {"all of these", "its theme", "furo"}
    assert installed(repository, "site") == installed(repository, "sphinx") | {"furo"}
    assert told == {extra: installed(repository, extra) for extra in ("", "figures", "onnx", "torch", "sphinx")}


def test_the_page_on_the_extension_names_its_lowest_versions(repository: Path) -> None:
    page = (repository / "site" / "extension.md").read_text("utf-8")
    told = {
        f"{name.lower()}>={version}" for name, version in re.findall(r"(Sphinx|myst-parser) ([\d.]+) or newer", page)
    }
    assert len(told) == 2
    assert told <= set(extras(repository)["sphinx"])


def test_every_extra_of_the_pages_is_one(repository: Path) -> None:
    pages = [repository / "README.md", *(repository / "site").glob("*.md"), *(repository / "rfdocs").rglob("*.py")]
    named = {name for page in pages for name in re.findall(r"rfdocs\[(\w+)\]", page.read_text("utf-8"))}
    assert {"figures", "sphinx", "site"} <= named
    assert named <= extras(repository).keys()


# What fits together


@pytest.fixture
def copy(repository: Path, tmp_path: Path) -> Path:
    """A project of which a release can be made, but for what a test changes."""
    for name in ("tools/release.sh", "rfdocs/__init__.py", "CITATION.cff", "LICENSE-DATA"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(repository / name, tmp_path / name)
    (tmp_path / "CHANGELOG.md").write_text(f"# Changelog\n\n## {VERSION}\n", "utf-8")
    return tmp_path


def test_a_tag_that_is_the_version_with_its_entry_fits(copy: Path) -> None:
    done = release(copy, copy / "out", "fits", f"v{VERSION}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize(
    ("name", "text", "tag", "said"),
    [
        ("CHANGELOG.md", None, "v9.9.9", f"the tag is v9.9.9, and rfdocs/__init__.py says {VERSION}"),
        ("CHANGELOG.md", None, "", f"the tag is , and rfdocs/__init__.py says {VERSION}"),
        ("CHANGELOG.md", "## Unreleased\n", f"v{VERSION}", f"CHANGELOG.md has no entry for {VERSION}"),
        ("CHANGELOG.md", f"## {VERSION}.1\n", f"v{VERSION}", f"CHANGELOG.md has no entry for {VERSION}"),
        ("CITATION.cff", "version: 9.9.9\n", f"v{VERSION}", f"CITATION.cff is not of version {VERSION}"),
    ],
)
def test_what_is_not_of_one_release_is_refused(copy: Path, name: str, text: str | None, tag: str, said: str) -> None:
    if text is not None:
        (copy / name).write_text(text, "utf-8")
    done = release(copy, copy / "out", "fits", tag, "data", "nowhere")
    assert (done.returncode, done.stderr) == (1, f"rfdocs: {said}\n")
    assert not (copy / "out").exists()


def test_the_project_now_is_of_one_version(repository: Path) -> None:
    assert f"\nversion: {VERSION}\n" in (repository / "CITATION.cff").read_text("utf-8")


def test_a_step_that_there_is_not_is_refused(copy: Path) -> None:
    assert release(copy, copy / "out", "publish").stderr == "rfdocs: there is no step 'publish'\n"


# The data


def test_the_data_are_one_archive_of_the_same_bytes_at_every_time(copy: Path) -> None:
    for number, folder in enumerate((copy / "one", copy / "two")):
        for name in ("b.json", "a.csv", "index.json")[:: 1 - 2 * number]:
            path = folder / "api" / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(name, "utf-8")
            os.utime(path, (number * 1000, number * 1000))
            path.chmod(0o600 if number else 0o644)
        done = release(copy, folder, "data", str(folder))
        assert done.returncode == 0, done.stderr
    first, again = ((copy / name / "data" / f"rfdocs-data-{VERSION}.tar.gz").read_bytes() for name in ("one", "two"))
    assert first == again
    with tarfile.open(fileobj=io.BytesIO(first)) as archive:
        files = [one.name for one in archive.getmembers() if one.isfile()]
    inside = ("CITATION.cff", "LICENSE-DATA", "api/a.csv", "api/b.json", "api/index.json")
    assert files == [f"rfdocs-data-{VERSION}/{name}" for name in inside]


def test_a_site_that_is_not_there_gives_no_archive(copy: Path) -> None:
    assert release(copy, copy / "out", "data", "nowhere").returncode != 0
    assert not list((copy / "out").rglob("*.gz"))


# The workflows


def workflows(repository: Path) -> dict[str, str]:
    return {path.name: path.read_text("utf-8") for path in sorted((repository / ".github").rglob("*.yml"))}


def unpinned(text: str) -> list[str]:
    """The actions of a workflow that are not named by a commit with their version behind it."""
    used = re.findall(r"^[ -]*uses: *(.*)$", text, re.MULTILINE)
    return [one for one in used if not re.fullmatch(r"[\w.-]+/[\w./-]+@[0-9a-f]{40}  # v\d+\.\d+\.\d+", one)]


def test_every_action_is_pinned_by_the_hash_of_its_commit(repository: Path) -> None:
    found = workflows(repository)
    assert {"check.yml", "comment.yml", "publish.yml", "release.yml"} <= found.keys()
    assert {name: wrong for name, text in found.items() if (wrong := unpinned(text))} == {}


def test_one_action_has_one_version(repository: Path) -> None:
    used = re.findall(r"uses: (\S+)@(\S+)  # (\S+)", "".join(workflows(repository).values()))
    assert len({name for name, _, _ in used}) == len(set(used))


def test_an_action_that_can_change_is_found() -> None:
    text = f"- uses: a/b@v4\n  uses: a/b@{'0' * 40}\n- uses: a/b@{'0' * 40}  # v1.2.3\n- uses: ./here\n"
    assert unpinned(text) == ["a/b@v4", f"a/b@{'0' * 40}", "./here"]


def test_only_the_job_that_publishes_may_ask_for_a_token(repository: Path) -> None:
    text = workflows(repository)["release.yml"]
    jobs = dict(re.findall(r"^  (\w+):\n((?:    .*\n|\n)+)", text.partition("\njobs:\n")[2], re.MULTILINE))
    assert [name for name, job in jobs.items() if "id-token: write" in job] == ["publish"]
    assert "run:" not in jobs["publish"]
    assert "environment: release" in jobs["publish"]
    assert "write" not in jobs["build"].replace("rewrite", "")


# One line length


def test_editors_and_ruff_break_lines_at_one_length(repository: Path) -> None:
    (length,) = re.findall(r"^line-length = (\d+)$", (repository / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    said = re.findall(r"^max_line_length = (.*)$", (repository / ".editorconfig").read_text("utf-8"), re.MULTILINE)
    assert set(said) == {length, "off"}


def test_no_line_is_longer_than_editors_are_told(repository: Path) -> None:
    editors = (repository / ".editorconfig").read_text("utf-8")
    (loose,) = re.findall(r"^\[\*\.{(.*)}\]\nmax_line_length = off$", editors, re.MULTILINE)
    names = [name for name in tracked(repository) if Path(name).suffix[1:] not in loose.split(",")]
    read = {name: (repository / name).read_bytes().decode("utf-8", "replace").splitlines() for name in names}
    told = {name: [re.sub("  # (noqa|type):.*", "", line) for line in lines] for name, lines in read.items()}
    assert [f"{name}: {line}" for name, lines in told.items() for line in lines if len(line) > 120] == []
