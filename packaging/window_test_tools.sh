#!/usr/bin/env bash
# Makes sure that the tests which use the window as a person does find their tools: a
# screen without a monitor, a mouse, file managers, and what reads controls aloud. And a
# browser, for the page beside exports to TensorFlow.js.
#
# Usage: window_test_tools.sh
#
# Installs them where apt-get is at hand and may be used without a password; otherwise it
# names the command to run. It never fails: those tests are skipped without the tools.
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/debian_packages.sh"

# Debian's names. A font, since Qt brings none of its own.
packages=(xvfb openbox xdotool wmctrl thunar pcmanfm libfm-modules dbus-x11 at-spi2-core
  gir1.2-atspi-2.0 python3-gi fonts-dejavu-core chromium)
programs=(Xvfb openbox xdotool wmctrl thunar pcmanfm dbus-run-session chromium)

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

echo "The tests of the whole window are skipped; they lack tools:" >&2
echo "$missing" | sed 's/^/  /' >&2
install_debian_packages "To run them too" missing_tools "${packages[@]}"
