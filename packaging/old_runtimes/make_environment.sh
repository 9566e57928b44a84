#!/usr/bin/env bash
# Makes the Python environment with the oldest runtimes that exports promise to run with, in which
# tests and `make bench` run them. A second call finds it made and returns. 400 MB.
#
# Usage: make_environment.sh [FOLDER]
#   FOLDER   default: $FIELDGUIDE_OLD_RUNTIMES, else
#            ${XDG_CACHE_HOME:-~/.cache}/fieldguide-old-runtimes
#   PYTHON   variable: the Python 3.9 to 3.11 to use, by default the oldest there is; tflite-runtime
#            has wheels for no newer one
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
folder=${1:-${FIELDGUIDE_OLD_RUNTIMES:-${XDG_CACHE_HOME:-$HOME/.cache}/fieldguide-old-runtimes}}

fail() {
  echo "$*" >&2
  exit 1
}

# A pyenv shim may be there and not run.
is_usable() {
  "$1" -c 'import ensurepip, sys, venv; sys.exit(not (3, 9) <= sys.version_info[:2] <= (3, 11))' \
    >/dev/null 2>&1
}

choose_python() {
  local name names="python3.9 python3.10 python3.11 python3"
  for name in ${PYTHON:-$names}; do
    if is_usable "$name"; then
      echo "$name"
      return
    fi
  done
  fail "The old runtimes need a Python 3.9 to 3.11 with its venv module; none of these is one:" \
    "${PYTHON:-$names}. Install one (on Debian: sudo apt-get install python3.11-venv)," \
    "or name it: PYTHON=/path/to/python3.11 $0"
}

recipe() { sha256sum <"$here/requirements.txt"; }

if [ "$(recipe)" = "$(cat "$folder/.made_from" 2>/dev/null)" ]; then
  echo "The old runtimes in $folder are made." >&2
  exit 0
fi
if [ -d "$folder" ] && [ ! -e "$folder/pyvenv.cfg" ] && [ -n "$(ls -A "$folder")" ]; then
  fail "$folder holds other files. Name an empty folder."
fi
python=$(choose_python)
echo "Making $folder with $("$python" --version): the oldest runtimes that exports run with" >&2
"$python" -m venv --clear "$folder"
"$folder/bin/python" -m pip --disable-pip-version-check --quiet install --only-binary=:all: \
  --requirement "$here/requirements.txt" ||
  fail "The runtimes can't be installed: see above. Correct that and call this again."
# Only now: an environment that was left half made is made again.
recipe >"$folder/.made_from"
echo "Its Python is $folder/bin/python" >&2
