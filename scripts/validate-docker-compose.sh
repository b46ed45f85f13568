#!/usr/bin/env bash
# usage: validate-docker-compose.sh [ARGUMENT OF bootready validate ...]
# The project as a fresh clone would see it; exit 0, or 1 with the findings. Writes nothing here.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
"${PYTHON:-python3}" scripts/setup.py runtime
exec .venv/bin/python -m bootready validate "$@"
