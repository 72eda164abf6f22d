"""Makes .venv anew from requirements.lock. Called by environment.sh, with the stamp to leave.

Nothing but the standard library, and a lock so that two makes at a time do it once.
"""

import fcntl
import os
import re
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / ".venv"
STAMP = ENVIRONMENT / "ready"
LOCK = ROOT / "requirements.lock"


def install(title: str, *arguments: str) -> None:
    """Runs one pip of the new environment, a line per distribution; on failure shows what it said last, and exits."""
    total, count, lines = len(re.findall(r"^[A-Za-z0-9]", LOCK.read_text("utf-8"), re.MULTILINE)), 0, []
    command = [str(ENVIRONMENT / "bin" / "python"), "-m", "pip", "install", *arguments]
    quiet = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_INPUT": "1", "PIP_PROGRESS_BAR": "off"}
    with subprocess.Popen(
        command, cwd=ROOT, env=os.environ | quiet, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    ) as process:
        for line in process.stdout or ():
            lines.append(line)
            if name := re.match(r"(?:Collecting|Processing) (?:\S*/)?([^ ;]+)", line):
                count += 1
                print(f"  {count:3} of {total}  {name[1].strip()}", flush=True)
            elif line.startswith("Installing"):
                print("  installing", flush=True)
    if process.returncode:
        sys.stderr.writelines(lines[-30:])
        sys.exit(f"rfdocs: {title} failed; run the same command again to start afresh")


def make(stamp: str) -> None:
    """The environment, from nothing; the stamp is the last thing written."""
    print(f"Setting up .venv with Python {sys.version.split()[0]} (once)", flush=True)
    if ENVIRONMENT.is_symlink() or ENVIRONMENT.is_file():
        ENVIRONMENT.unlink()
    shutil.rmtree(ENVIRONMENT, ignore_errors=True)
    venv.create(ENVIRONMENT, with_pip=True)
    install("installing the pinned dependencies", "--require-hashes", "-r", LOCK.name)
    install("installing rfdocs", "--no-deps", "--no-build-isolation", "--editable", ".")
    unfinished = STAMP.with_suffix(".new")
    unfinished.write_text(stamp, "utf-8")
    unfinished.replace(STAMP)


def ready(stamp: str) -> bool:
    """Whether another make has just made the environment."""
    return STAMP.is_file() and STAMP.read_text("utf-8").strip() == stamp


def main(stamp: str) -> None:
    """Makes the environment, or waits for the make that is at it already."""
    (ROOT / "build").mkdir(exist_ok=True)
    with (ROOT / "build" / "environment.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another make is setting up .venv; waiting for it", flush=True)
            fcntl.flock(lock, fcntl.LOCK_EX)
            if ready(stamp):
                return
        make(stamp)


if __name__ == "__main__":
    main(sys.argv[1])
