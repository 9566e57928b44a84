#!/usr/bin/env bash
# Makes sure that the tests which use the window as a person does find their tools: a
# screen without a monitor, a mouse, a file manager, and what reads controls aloud.
#
# Usage: window_test_tools.sh
#
# Installs them where apt-get is at hand and may be used without a password; otherwise it
# names the command to run. It never fails: those tests are skipped without the tools.
set -euo pipefail

# Debian's names. A font, since Qt brings none of its own.
packages=(xvfb openbox xdotool wmctrl thunar dbus-x11 at-spi2-core gir1.2-atspi-2.0 python3-gi
  fonts-dejavu-core)
programs=(Xvfb openbox xdotool wmctrl thunar dbus-run-session)

# Prints the tools that the system lacks.
missing_tools() {
  local program
  for program in "${programs[@]}"; do
    command -v "$program" >/dev/null || echo "$program"
  done
  # The system's own interpreter: the bindings are a package of Debian's, for it alone.
  "${SYSTEM_PYTHON:-/usr/bin/python3}" -c 'import gi; gi.require_version("Atspi", "2.0")' \
    2>/dev/null || echo "gi with Atspi 2.0, for /usr/bin/python3"
}

missing=$(missing_tools)
if [ -z "$missing" ]; then
  exit 0
fi

echo "The tests of the whole window lack tools:" >&2
echo "$missing" | sed 's/^/  /' >&2
install=(apt-get install --yes --no-install-recommends "${packages[@]}")
if command -v apt-get >/dev/null; then
  if [ "$(id -u)" = 0 ]; then
    as_root=()
  elif sudo --non-interactive true 2>/dev/null; then
    as_root=(sudo --non-interactive)
  else
    echo "To run them too: sudo ${install[*]}" >&2
    exit 0
  fi
  echo "Installing them." >&2
  export DEBIAN_FRONTEND=noninteractive
  if "${as_root[@]}" apt-get update --quiet=2 &&
    "${as_root[@]}" "${install[@]}" --quiet=2 >/dev/null &&
    [ -z "$(missing_tools)" ]; then
    echo "Installed." >&2
    exit 0
  fi
  echo "That did not help; the tests are skipped. To run them too: sudo ${install[*]}" >&2
else
  echo "To run them too, install these (Debian's names): ${packages[*]}" >&2
fi
