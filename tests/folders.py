"""Folders of files, as tests write and compare them."""

from pathlib import Path


def write(folder: Path, contents: dict[str, str]) -> None:
    """Writes files, named by their paths in a folder."""
    for name, text in contents.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")


def read_bytes(folder: Path) -> dict[str, bytes]:
    """What all files of a folder hold, by their paths in it."""
    paths = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in paths}


def read_text(folder: Path) -> dict[str, str]:
    """What all files of a folder say, by their paths in it."""
    return {name: data.decode("utf-8") for name, data in read_bytes(folder).items()}


def dates(folder: Path) -> dict[str, int]:
    """When all in a folder was last changed."""
    return {str(path): path.stat().st_mtime_ns for path in folder.rglob("*")}
