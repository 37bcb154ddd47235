#!/usr/bin/env bash
# Makes .tools (uv, pinned) and .venv (Python 3.10, from the locks). Does nothing, and needs no network, where both
# are up to date. Usage: set-up.sh runtime|test|lock
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")"
purpose=${1:-runtime}

say() { printf '\033[2m%s\033[0m\n' "$*" >&2; }
fail() { printf '%s\n' "$*" >&2; exit 1; }

fingerprint() { cat "$@" | sha256sum | cut -d' ' -f1; }

make_tools() {
  local wanted
  wanted=$(fingerprint requirements/tools.txt)
  [ "$(cat .tools/.ready 2>/dev/null)" = "$wanted" ] && return
  say "Making the tool environment (uv) in .tools"
  command -v python3 >/dev/null || fail "python3 is missing: install it, for example with 'apt-get install python3 python3-venv'."
  python3 -m venv .tools 2>/dev/null || fail "python3 can't make an environment: install python3-venv, for example with 'apt-get install python3-venv'."
  .tools/bin/pip install --quiet --disable-pip-version-check --require-hashes -r requirements/tools.txt
  printf '%s' "$wanted" > .tools/.ready
}

make_venv() {
  [ -x .venv/bin/python ] && .venv/bin/python -c 'import sys; sys.exit(sys.version_info[:2] != (3, 10))' && return
  say "Making the Python 3.10 environment in .venv"
  .tools/bin/uv venv --quiet --python 3.10 .venv || fail "Python 3.10 is missing and could not be fetched: install it (for example 'apt-get install python3.10', 'pyenv install 3.10' or 'uv python install 3.10') and run this again."
}

synced() { # lock file, stamp
  [ "$(cat ".venv/.$2" 2>/dev/null)" = "$(fingerprint "requirements/$1.txt" pyproject.toml)" ]
}

sync() {
  # The tests' lock holds everything of the runtime's at the same versions, so where it was used it serves both.
  [ -e .venv/.synced-test ] && purpose=test
  synced test synced-test && return
  [ "$purpose" = runtime ] && synced runtime synced-runtime && return
  say "Installing what requirements/$purpose.txt names (a few minutes the first time)"
  rm -f .venv/.synced-test .venv/.synced-runtime
  local quiet=--quiet
  [ -t 2 ] && quiet=
  .tools/bin/uv pip sync $quiet --require-hashes --python .venv "requirements/$purpose.txt"
  .tools/bin/uv pip install --quiet --python .venv --no-deps --no-build-isolation --editable .
  fingerprint "requirements/$purpose.txt" pyproject.toml > ".venv/.synced-$purpose"
}

lock() {
  for name in tools runtime test; do
    say "Resolving requirements/$name.in"
    local universal=
    [ "$name" = tools ] && universal=--universal
    .tools/bin/uv pip compile --quiet --python-version 3.10 $universal --generate-hashes --no-emit-index-url \
      --no-annotate --no-header "requirements/$name.in" -o "requirements/$name.txt"
  done
}

make_tools
case "$purpose" in
  lock) lock ;;
  runtime | test) make_venv && sync ;;
  *) fail "usage: set-up.sh runtime|test|lock" ;;
esac
