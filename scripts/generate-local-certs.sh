#!/usr/bin/env bash
# usage: generate-local-certs.sh
# secrets/certs/{rootCA.pem,cert.pem,key.pem} for DEFAULT_URL; files that still match stay untouched.
set -euo pipefail

cd -- "$(dirname -- "${BASH_SOURCE[0]}")/.."
"${PYTHON:-python3}" scripts/setup.py runtime
# mkcert makes its authority together with a first certificate; its key then signs ours. Nothing is
# installed into a trust store here: that is `mkcert -install` or `bootready certs --install-trust`.
authority=
if command -v mkcert >/dev/null; then
  authority=$(mkcert -CAROOT)
  if ! [ -e "$authority/rootCA.pem" ]; then
    scratch=$(mktemp -d)
    trap 'rm -rf -- "$scratch"' EXIT
    mkcert -cert-file "$scratch/cert.pem" -key-file "$scratch/key.pem" localhost >&2
  fi
  export CAROOT=$authority
fi
# Before there is a .env, the names of its example are the ones that it will have.
[ -e .env ] && names=.env || names=.env.example
.venv/bin/python -m bootready prepare --only certificates --env-file "$names" "$@"
if [ -e secrets/certs/rootCA.pem ]; then
  # Where the authority's key is: in the state directory of whoever ran this, never in the clone.
  told=$(.venv/bin/python -m bootready certs --json --env-file "$names") || true
  own=$(sed -nE 's/^ *"authority": "(.*)",$/\1/p' <<<"$told" | head -n 1)
  if [ -n "$authority" ] && cmp -s "$authority/rootCA.pem" secrets/certs/rootCA.pem; then
    echo "certificates: signed by mkcert's authority in $authority" >&2
  elif [ -n "$own" ]; then
    echo "certificates: signed by bootready's own authority in $own" >&2
  else
    echo "certificates: signed by the authority in secrets/certs/rootCA.pem, which was there" >&2
  fi
fi
