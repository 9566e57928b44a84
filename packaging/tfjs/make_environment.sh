#!/usr/bin/env bash
# Makes the folder with which models are exported to TensorFlow.js: Google's converter, which runs
# with Fieldguide's own TensorFlow, and the JavaScript that lies beside exports. A second call finds
# it made and returns. 3 MB; some 35 MB are fetched.
#
# Usage: make_environment.sh [FOLDER]
#   FOLDER   default: $FIELDGUIDE_TFJS_HOME, else ${XDG_CACHE_HOME:-~/.cache}/fieldguide-tfjs
#   PYTHON   variable: a Python with pip, any version; only its pip is used
# pip's and npm's own variables and configuration decide where packages come from.
set -euo pipefail

readonly MIB_NEEDED=100
readonly PACKAGES=(@tensorflow/tfjs@4.22.0 @tensorflow/tfjs-backend-wasm@4.22.0)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkout=$(cd "$here/../.." && pwd)

source "$here/../environment_folder.sh"

choose_python() {
  local candidate names=(${PYTHON:-"$checkout/.venv/bin/python" python3})
  for candidate in "${names[@]}"; do
    if "$candidate" -m pip --version >/dev/null 2>&1; then
      echo "$candidate"
      return
    fi
  done
  say "The TensorFlow.js converter is installed with pip, which none of these has: ${names[*]}." \
    "Call make setup first, or name a Python with pip: PYTHON=/path/to/python3 $0"
  return 1
}

require_npm() {
  npm --version >/dev/null 2>&1 ||
    fail "TensorFlow.js comes from npm, and there is none on PATH. Install Node.js 18 or later with" \
      "npm (on Debian: sudo apt-get install nodejs npm), and call this again."
}

# What an environment was made from; another content makes it anew.
recipe() {
  cksum <"$here/requirements.txt"
  cksum <"$here/unpack.py"
  echo "recipe=1"
}

make_environment() {
  require_room "$MIB_NEEDED" MiB "making the TensorFlow.js environment"
  rm -rf "$folder/python" "$folder/javascript" "$folder/tmp" "$folder/.made_from"
  mkdir -p "$folder/javascript" "$folder/tmp"
  export TMPDIR=$folder/tmp # pip and npm unpack where there is room
  say "Making the TensorFlow.js environment in $folder: 3 MB, a few seconds"
  run_logged pip PIP_INDEX_URL "$python" -m pip --disable-pip-version-check --no-cache-dir \
    --retries 2 install --no-deps --no-compile --only-binary=:all: --target "$folder/python" \
    --require-hashes --requirement "$here/requirements.txt" || exit 1
  run_logged npm npm_config_registry npm pack --pack-destination "$TMPDIR" \
    --fetch-retries 2 --cache "$TMPDIR/cache" "${PACKAGES[@]}" || exit 1
  "$python" "$here/unpack.py" "$TMPDIR" "$folder/javascript" ||
    fail "TensorFlow.js can't be unpacked: see above. Correct that and call this again."
  # It has the licence of Fieldguide, Apache-2.0; npm's packages come without its text.
  cp "$checkout/LICENSE" "$folder/javascript/LICENSE-tensorflow.js.txt"
  rm -rf "$TMPDIR"
  # Only now: an environment that was left half made is made again.
  recipe >"$folder/.made_from"
  say "The TensorFlow.js environment in $folder is made."
}

folder=""
for argument in "$@"; do
  case $argument in
    -*) fail "usage: $0 [FOLDER]" ;;
    *) folder=$argument ;;
  esac
done
folder=${folder:-${FIELDGUIDE_TFJS_HOME:-${XDG_CACHE_HOME:-$HOME/.cache}/fieldguide-tfjs}}

require_own_folder .fieldguide-tfjs
if made_already; then
  say "The TensorFlow.js environment in $folder is made."
  exit 0
fi
python=$(choose_python) || exit 1
require_npm
take_folder .fieldguide-tfjs
make_environment
