#!/bin/sh
# Makes .venv what requirements.lock and pyproject.toml say, unless it is that already.
# The stamp .venv/ready holds their checksum and this folder's address (an environment cannot be moved).
set -u
cd "$(dirname "$0")/.." || exit 1

stamp="$(cat requirements.lock pyproject.toml tools/environment.* | cksum) $(pwd)"
if [ "$(cat .venv/ready 2>/dev/null)" = "$stamp" ] &&
    .venv/bin/python -P -c '
from importlib.util import find_spec as found
found("rfdocs").name, found("sphinx").name, found("pytest").name' 2>/dev/null; then
    exit 0
fi

newest=""
for python in ${RFDOCS_PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
    "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null || continue
    newest=$python
    "$python" -c 'import ensurepip, venv' 2>/dev/null || continue
    exec "$python" tools/environment.py "$stamp"
done

if [ -n "$newest" ]; then
    echo "rfdocs: $newest has no venv module (on Debian: apt-get install python3-venv)" >&2
else
    echo "rfdocs: needs Python 3.11 or newer, and found none as python3 or python3.11 to python3.14" >&2
fi
exit 1
