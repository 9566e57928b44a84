#!/usr/bin/env bash
# Makes the virtual environment: the locked packages, then this project, editable.
#
# Usage: make_venv.sh VENV [PYTHON]
#
# With pip, not uv: it comes with Python, knows the system's certificates and proxies, and takes a
# minute and a half; uv would have to be fetched first.
set -euo pipefail

venv=${1:?usage: make_venv.sh VENV [PYTHON]}
asked_for=${2:-}

# Says whether an interpreter runs, is in range, and can make environments; the first word
# of the answer is "ok" or the kind of trouble. A pyenv shim may be there and not run.
judge() {
  "$1" - 2>/dev/null <<'PYTHON' || echo "absent"
import importlib.util
import sys

version = ".".join(map(str, sys.version_info[:3]))
if sys.version_info[:2] > (3, 13):
    print("newer", version)
elif sys.version_info[:2] < (3, 11):
    print("older", version)
elif not all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
    print("venv", version)
else:
    print("ok", version)
PYTHON
}

# Prints the interpreter to use, or says on stderr why there is none.
choose_python() {
  local candidate verdict without_venv="" newer="" seen=""
  for candidate in ${asked_for:-python3.13 python3.12 python3.11 python3 python}; do
    verdict=$(judge "$candidate")
    case $verdict in
      ok*)
        echo "$candidate"
        return
        ;;
      venv*) without_venv=$candidate ;;
      newer*) newer="$candidate is ${verdict#newer }" ;;
      older*) seen+=" $candidate is ${verdict#older }." ;;
      absent) [ -z "$asked_for" ] || seen+=" $candidate does not run." ;;
    esac
  done
  if [ -n "$without_venv" ]; then
    echo "$without_venv can't make virtual environments. On Debian and Ubuntu, run:" \
      "sudo apt-get install python3-venv" >&2
  elif [ -n "$newer" ]; then
    echo "$newer, for which there is no TensorFlow yet. Install Python 3.13 beside it, then run:" \
      "make setup PYTHON=/path/to/python3.13" >&2
  else
    echo "Fieldguide needs Python 3.11, 3.12 or 3.13.$seen Install one, or name it:" \
      "make setup PYTHON=/path/to/python3.13" >&2
  fi
  return 1
}

python=$(choose_python)
if [ "$("$venv/bin/python" -c 'import sys; print(*sys.version_info[:2])' 2>/dev/null || true)" != \
  "$("$python" -c 'import sys; print(*sys.version_info[:2])')" ]; then
  echo "Making $venv with $("$python" --version)" >&2
  "$python" -m venv --clear "$venv"
fi

pip=("$venv/bin/python" -m pip --disable-pip-version-check --quiet)
echo "Installing the locked packages into $venv: almost 3 GB, some minutes the first time" >&2
"${pip[@]}" install --require-hashes --only-binary :all: \
  --requirement requirements.lock --requirement requirements-dev.lock
"${pip[@]}" install --no-build-isolation --no-deps --editable .
bash packaging/qt_system_libraries.sh "$venv/bin/python"
