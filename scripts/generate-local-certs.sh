#!/usr/bin/env bash
# usage: generate-local-certs.sh
# secrets/certs/{rootCA.pem,cert.pem,key.pem} for DEFAULT_URL; files that still match stay untouched.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
"${PYTHON:-python3}" scripts/setup.py runtime
# Before there is a .env, the names of its example are the ones that it will have.
[ -e .env ] || set -- --env-file .env.example "$@"
exec .venv/bin/python -m bootready prepare --only certificates "$@"
