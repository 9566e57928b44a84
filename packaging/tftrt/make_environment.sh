#!/usr/bin/env bash
# Makes the Python environment in which models are converted to TF-TRT: TensorFlow 2.17.1, the CUDA
# and cuDNN libraries it was built for, and TensorRT. A second call finds it made and returns.
#
# Usage: make_environment.sh [--gpu | --no-gpu] [FOLDER]
#   FOLDER    default: $FIELDGUIDE_TFTRT_HOME, else ${XDG_CACHE_HOME:-~/.cache}/fieldguide-tftrt
#   --gpu     take the libraries for computing on a GPU too; the default where there is one
#   PYTHON    variable: the Python 3.9 to 3.12 to use
# pip's own variables and configuration decide where packages come from; TensorRT 8.6.1 alone
# comes from NVIDIA's index, and where that can't be reached, 8.6.0 takes its place.
set -euo pipefail

readonly NVIDIA_INDEX=https://pypi.nvidia.com
readonly REACH_SECONDS=8
# Measured: 5.7 GiB while the last archive is unpacked, 5.0 afterwards. With a GPU: estimated.
readonly GIB_NEEDED=6 GIB_NEEDED_GPU=9
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)

source "$here/../environment_folder.sh"

has_gpu() { [ -e /dev/nvidia0 ] || nvidia-smi --list-gpus >/dev/null 2>&1; }

# The version of an interpreter that can serve, or nothing. A pyenv shim may be there and not run.
usable_version() {
  "$1" - 2>/dev/null <<'PYTHON' || true
import importlib.util
import sys

if (3, 9) <= sys.version_info[:2] <= (3, 12):
    if all(map(importlib.util.find_spec, ("venv", "ensurepip"))):
        print(".".join(map(str, sys.version_info[:3])))
PYTHON
}

choose_python() {
  local candidate
  for candidate in ${PYTHON:-python3.11 python3.10 python3.12 python3.9 python3}; do
    if [ -n "$(usable_version "$candidate")" ]; then
      echo "$candidate"
      return
    fi
  done
  if [ -n "${PYTHON:-}" ]; then
    say "PYTHON=$PYTHON can't be used: TensorFlow 2.17.1 needs a Python 3.9 to 3.12 with venv and pip."
  else
    say "TensorFlow 2.17.1 needs a Python 3.9 to 3.12 with venv and pip, and there is none on PATH." \
      "Install one (on Debian: sudo apt-get install python3.11-venv), or name it:" \
      "PYTHON=/path/to/python3.11 $0"
  fi
  return 1
}

run_pip() {
  run_logged pip PIP_INDEX_URL "$folder/venv/bin/python" -m pip --disable-pip-version-check \
    --no-cache-dir --retries 2 "$@"
}

nvidia_index_answers() {
  "$folder/venv/bin/python" - "$NVIDIA_INDEX/tensorrt-libs/" "$REACH_SECONDS" 2>/dev/null <<'PYTHON'
import sys
import urllib.request

urllib.request.urlopen(sys.argv[1], timeout=float(sys.argv[2])).close()
PYTHON
}

# Fetches a wheel and leaves its libraries in $folder/tensorrt, under all names they are asked by.
unpack_tensorrt() {
  local wheels=$folder/wheels
  rm -rf "$wheels" "$folder/tensorrt"
  mkdir -p "$folder/tensorrt"
  run_pip download --no-deps --only-binary=:all: --dest "$wheels" "$@" || return 1
  "$folder/venv/bin/python" - "$wheels" "$folder/tensorrt" <<'PYTHON'
import pathlib
import shutil
import sys
import zipfile

wheels, target = map(pathlib.Path, sys.argv[1:])
for wheel in wheels.glob("*.whl"):
    with zipfile.ZipFile(wheel) as archive:
        for name in archive.namelist():
            file = pathlib.PurePosixPath(name)
            if file.name.startswith("libnv") and ".so" in file.name:
                with archive.open(name) as source, open(target / file.name, "wb") as copy:
                    shutil.copyfileobj(source, copy)
for library in list(target.glob("*.so.8")):
    # TensorFlow 2.17.1 opens its libraries by the full version that it was built with.
    (target / (library.name + ".6.1")).symlink_to(library.name)
if not (target / "libnvinfer.so.8").exists():
    sys.exit(f"there is no libnvinfer.so.8 in {[wheel.name for wheel in wheels.iterdir()]}")
PYTHON
  rm -rf "$wheels"
}

install_tensorrt() {
  if nvidia_index_answers; then
    say "Fetching TensorRT 8.6.1 from $NVIDIA_INDEX"
    unpack_tensorrt --extra-index-url "$NVIDIA_INDEX" tensorrt-libs==8.6.1 && return
  fi
  say "Fetching TensorRT 8.6.0 from the package index, since NVIDIA's can't be reached." \
    "TensorFlow was built with 8.6.1 and would refuse it for its last digit: Fieldguide lifts" \
    "this one check when it converts, and says so in its report."
  unpack_tensorrt --python-version 3.10 --platform manylinux_2_17_x86_64 tensorrt==8.6.0
}

write_wrapper() {
  cat >"$folder/python-tftrt" <<'WRAPPER'
#!/usr/bin/env bash
# The Python of this environment, with TensorRT and the CUDA libraries where it finds them.
here=$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")
libraries=$here/tensorrt
for folder in "$here"/venv/lib/python3*/site-packages/nvidia/*/lib; do libraries+=:$folder; done
export LD_LIBRARY_PATH=$libraries${LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}
unset PYTHONHOME VIRTUAL_ENV
exec "$here/venv/bin/python" "$@"
WRAPPER
  chmod +x "$folder/python-tftrt"
}

# What an environment was made from; another content makes it anew.
recipe() {
  cat "$here"/requirements*.txt | sha256sum | cut -d" " -f1
  echo "recipe=1 gpu=$gpu"
}

make_environment() {
  local needed=$GIB_NEEDED
  [ "$gpu" = no ] || needed=$GIB_NEEDED_GPU
  require_room "$needed" GiB "the TF-TRT environment"
  rm -rf "$folder/venv" "$folder/tensorrt" "$folder/python-tftrt" "$folder/.made_from"
  say "Making the TF-TRT environment in $folder with $("$python" --version 2>&1): 5 GB, some minutes"
  "$python" -m venv "$folder/venv"
  export TMPDIR=$folder/tmp # pip unpacks where there is room
  mkdir -p "$TMPDIR"
  local files=(--requirement "$here/requirements.txt")
  [ "$gpu" = no ] || files+=(--requirement "$here/requirements-gpu.txt")
  say "Installing TensorFlow 2.17.1 and CUDA libraries"
  run_pip install --only-binary=:all: "${files[@]}" || exit 1
  install_tensorrt || exit 1
  rm -rf "$TMPDIR"
  write_wrapper
  PYTHONPATH=$checkout TF_CPP_MIN_LOG_LEVEL=3 "$folder/python-tftrt" \
    "$checkout/core/export/tftrt/capability_program.py" --words >&2 ||
    fail "The environment in $folder can't convert: see above. Correct that and call this again."
  # Only now: an environment that was left half made, or is of no use, is made again.
  recipe >"$folder/.made_from"
  say "Its Python is $folder/python-tftrt"
}

gpu="" folder=""
for argument in "$@"; do
  case $argument in
    --gpu) gpu=yes ;;
    --no-gpu) gpu=no ;;
    -*) fail "usage: $0 [--gpu | --no-gpu] [FOLDER]" ;;
    *) folder=$argument ;;
  esac
done
folder=${folder:-${FIELDGUIDE_TFTRT_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/fieldguide-tftrt}}
[ -n "$gpu" ] || { has_gpu && gpu=yes || gpu=no; }

[ "$(uname -sm)" = "Linux x86_64" ] ||
  fail "TensorFlow has TensorRT on Linux x86-64 only; this is $(uname -sm)."
require_own_folder .fieldguide-tftrt
if made_already; then
  say "The TF-TRT environment in $folder is made."
  exit 0
fi
python=$(choose_python) || exit 1
take_folder .fieldguide-tftrt
make_environment
