"""The photograph that fields are shown on, of those that come with matplotlib."""

from __future__ import annotations

from pathlib import Path


def photograph() -> bytes | None:
    """Grace Hopper in 1984, as JPEG; ``None`` where there is no matplotlib, or a system's without its sample data.

    Taken by the United States Navy, in the public domain.
    """
    try:
        from matplotlib import get_data_path  # noqa: PLC0415 - pages without it are whole
    except ModuleNotFoundError:
        return None
    path = Path(get_data_path(), "sample_data", "grace_hopper.jpg")
    return path.read_bytes() if path.is_file() else None
