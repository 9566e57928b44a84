#!/usr/bin/env bash
# Installs the wheel as pipx does, into an environment of its own, and uses it there.
#
# Usage: test_wheel.sh PYTHON WHEEL
set -euo pipefail
here=$(dirname "$0")
python=${1:?usage: test_wheel.sh PYTHON WHEEL}
wheel=${2:?usage: test_wheel.sh PYTHON WHEEL}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

"$python" -m venv "$folder/environment"
"$folder/environment/bin/python" -m pip --disable-pip-version-check --quiet install "$wheel"
packages=$("$folder/environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
for name in core gui resources main.py; do
  if [ -e "$packages/$name" ]; then
    echo "$name lies at the top of site-packages, where it is in other projects' way." >&2
    exit 1
  fi
done
python3 "$here/smoke_test.py" -- "$folder/environment/bin/fieldguide"
