#!/usr/bin/env bash
# Tries the README's commands on a machine that nobody has prepared: a Debian with git, make and
# python3-venv only, where an ordinary user who may use sudo runs `make setup`, `make run` and
# `make test` in a clone of the commit that is checked out here.
#
# Usage: test_bare_machine.sh [SUITE...]       bookworm and trixie by default
#
#   CACHE     variable: keeps downloaded packages between calls; ~/.cache/fieldguide-bare by default
#   KEEP=1    variable: leave the system in its folder, to look into it
#
# Needs root, debootstrap, Xvfb, xdotool, a package mirror and a package index, 12 GB in /var/tmp and
# half an hour a suite. Prints what was missing, and ends with 1 unless all of it worked.
set -euo pipefail
here=$(realpath "$(dirname "$0")")
source "$here/clean_root.sh"
repository=$(git -C "$here" rev-parse --show-toplevel)
cache=${CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/fieldguide-bare}
checkout=/home/tester/fieldguide
screen=:${SCREEN_NUMBER:-87}
window_s=180
failed=()

if [ "$(id -u)" != 0 ]; then
  echo "Making a system of its own needs root: sudo make test-bare" >&2
  exit 2
fi
for program in debootstrap Xvfb xdotool; do
  command -v $program >/dev/null || {
    echo "This needs $program. On Debian: sudo apt-get install debootstrap xvfb xdotool" >&2
    exit 2
  }
done

leave() {
  [ -z "${screen_process:-}" ] || kill "$screen_process" 2>/dev/null || true
  [ -z "$clean_root" ] || [ -n "${KEEP:-}" ] || remove_clean_root
}
trap leave EXIT

# Carries out a command line in the clone as the ordinary user.
as_tester() {
  inside su tester -c "cd $checkout && env ${index[*]} $1"
}

# The way to the package index that this system has been given.
find_index() {
  local name
  index=()
  for name in PIP_INDEX_URL PIP_EXTRA_INDEX_URL PIP_TRUSTED_HOST https_proxy http_proxy no_proxy; do
    [ -z "${!name:-}" ] || index+=("$name='${!name}'")
  done
  if [ -n "${PIP_CERT:-}" ]; then
    cp -L "$PIP_CERT" "$clean_root/etc/package-index.crt"
    index+=(PIP_CERT=/etc/package-index.crt)
  fi
}

prepare() {
  local suite=$1 pip_cache=$clean_root/home/tester/.cache/pip
  # What the README asks for beforehand, and sudo for the user.
  inside apt-get install -y -qq --no-install-recommends git make python3-venv sudo >/dev/null
  inside useradd --create-home --shell /bin/bash tester
  echo "tester ALL=(ALL) NOPASSWD: ALL" >"$clean_root/etc/sudoers.d/tester"
  mkdir -p "$cache/pip" "$pip_cache"
  mount --bind "$cache/pip" "$pip_cache"
  chown -R "$(inside id -u tester):$(inside id -g tester)" \
    "$clean_root/home/tester/.cache" "$cache/pip"
  git -C "$repository" bundle create --quiet "$clean_root/srv/fieldguide.bundle" HEAD
  inside su tester -c "git clone --quiet /srv/fieldguide.bundle $checkout"
  find_index
  echo "== $suite: $(inside python3 --version), commit $(git -C "$repository" rev-parse --short HEAD)"
}

# Notes a step that failed and goes on.
try() {
  local step="$suite: $1" start=$SECONDS
  shift
  if "$@"; then
    echo "== $step: passed in $((SECONDS - start)) s"
  else
    failed+=("$step")
    echo "== $step: FAILED after $((SECONDS - start)) s"
  fi
}

set_up() {
  as_tester "make setup" 2>&1 | tee "$clean_root.setup"
  # The set-up ends well without Qt's libraries too, since the command line needs none of them.
  local missing
  missing=$(as_tester "bash packaging/qt_system_libraries.sh .venv/bin/python" 2>&1)
  [ -z "$missing" ] || { echo "Missing after the set-up: $missing" && return 1; }
}

# The screen is this system's: Xvfb in the clean one would bring libraries that a window needs.
open_window() {
  local window process
  as_tester "DISPLAY=$screen make run" &
  process=$!
  window=$(DISPLAY=$screen timeout $window_s \
    xdotool search --sync --onlyvisible --name '^Fieldguide$|Fieldguide$' | head -n 1) || true
  if [ -z "$window" ]; then
    echo "No window was shown within $window_s s."
    kill "$process" 2>/dev/null || true
    wait "$process" || true
    return 1
  fi
  echo "The window: $(DISPLAY=$screen xdotool getwindowname "$window")," \
    "$(DISPLAY=$screen xdotool getwindowgeometry "$window" | awk '/Geometry/ { print $2 }')"
  close_window "$window"
  wait "$process"
}

# Ctrl+Q, which the program has to be given the focus for; there is no window manager.
close_window() {
  DISPLAY=$screen xdotool windowfocus --sync "$1" key --window "$1" ctrl+q
}

run_tests() {
  as_tester "make test" 2>&1 | tee "$clean_root.tests"
}

what_was_missing() {
  grep -hE "lacks? |lacking|did not help|sudo apt-get|: cannot open shared" "$clean_root.setup" \
    "$clean_root.tests" 2>/dev/null | sort -u || true
  grep -hE "^SKIPPED|^[0-9]+ (failed|passed)|^(FAILED|ERROR) " "$clean_root.tests" 2>/dev/null || true
}

mkdir -p "$cache"
Xvfb "$screen" -screen 0 1400x900x24 -nolisten tcp >/dev/null 2>&1 &
screen_process=$!
[ $# -gt 0 ] || set -- bookworm trixie
for suite in "$@"; do
  mkdir -p "$cache/apt-$suite"
  make_clean_root "$suite" "/var/tmp/fieldguide-bare-$suite" "$cache/apt-$suite"
  prepare "$suite"
  try "make setup" set_up
  try "make run" open_window
  try "make test" run_tests
  echo "== $suite: what was missing or skipped"
  what_was_missing
  rm -f "$clean_root.setup" "$clean_root.tests"
  [ -n "${KEEP:-}" ] || remove_clean_root
done
if [ ${#failed[@]} -gt 0 ]; then
  printf 'FAILED: %s\n' "${failed[@]}"
  exit 1
fi
echo "All of it worked."
