#!/usr/bin/env bash
# Makes the program with a Python and all libraries of its own, in one folder: dist/fieldguide.
#
# Usage: build.sh PYTHON
#
# PYTHON is that of an environment made by `make setup`. Two minutes, 2 GB.
set -euo pipefail
cd "$(dirname "$0")/../.."
python=${1:?usage: build.sh PYTHON}

"$python" packaging/make_icons.py
"$python" packaging/pyinstaller/collect_licences.py
# Of GPUs and their libraries there is nothing to look for.
TF_CPP_MIN_LOG_LEVEL=3 "$python" -m PyInstaller --clean --noconfirm --log-level ERROR \
  --distpath dist --workpath build/pyinstaller packaging/pyinstaller/fieldguide.spec
# Symbols for debuggers: an eighth of it all.
if command -v strip >/dev/null && [ "$(uname)" = Linux ]; then
  strip --strip-unneeded dist/fieldguide/_internal/tensorflow/libtensorflow_*.so.2 \
    dist/fieldguide/_internal/tensorflow/python/profiler/internal/_pywrap_profiler_plugin.so
fi
# Libraries under the GPL must not be in it.
if find dist/fieldguide -name '*x265*' -o -name '*pillow_heif*' | grep .; then
  echo "The bundle holds what must not be in it." >&2
  exit 1
fi
# Nor must anything name the place where it was built.
if grep -rl "$PWD/" dist/fieldguide; then
  echo "These files of the bundle name this checkout." >&2
  exit 1
fi
echo "Made dist/fieldguide: $(du -sh dist/fieldguide | cut -f1)"
