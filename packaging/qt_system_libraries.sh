#!/usr/bin/env bash
# Makes sure that Qt finds the system libraries it needs, which no Python package brings.
#
# Usage: qt_system_libraries.sh PYTHON
#
# Installs them where apt-get is at hand and may be used without a password; otherwise it
# names the command to run. It never fails: all but the window works without them.
set -euo pipefail
source "${BASH_SOURCE[0]%/*}/debian_packages.sh"

python=${1:?usage: qt_system_libraries.sh PYTHON}

# What Qt's offscreen platform loads, which the tests use.
offscreen=(libegl1 libgl1 libglib2.0-0 libfontconfig1 libxkbcommon0 libdbus-1-3)
# What windows on X11 need besides. Without libxcb-icccm4 and libxcb-keysyms1 Qt blames
# libxcb-cursor0.
x11=(libxcb-cursor0 libxcb-icccm4 libxcb-image0 libxcb-keysyms1 libxcb-randr0
  libxcb-render-util0 libxcb-shape0 libxcb-xinerama0 libxcb-xkb1 libxkbcommon-x11-0)

# What the camera needs besides.
multimedia=(libpulse0 libxext6 libxrandr2)

# Prints the libraries that Qt's modules and its X11 platform need and the system lacks.
missing_libraries() {
  # QtMultimedia says on loading which libraries it can do without; see gui/camera/__init__.py.
  QT_LOGGING_RULES="qt.multimedia.symbolsresolver=false" "$python" - <<'PYTHON'
import ctypes
import sys
from pathlib import Path

import PySide6

folder = Path(PySide6.__file__).parent
wanted = [
    *(folder / "Qt/lib").glob("libQt6Gui.so.6"),
    *(folder / "Qt/lib").glob("libQt6Widgets.so.6"),
    *(folder / "Qt/plugins/platforms").glob("libqoffscreen.so"),
    *(folder / "Qt/plugins/platforms").glob("libqxcb.so"),
    *(folder / "Qt/lib").glob("libQt6Multimedia.so.6"),
    *(folder / "Qt/plugins/multimedia").glob("libffmpegmediaplugin.so"),
]
for library in wanted:
    try:
        ctypes.CDLL(str(library))
    except OSError as error:
        print(error, file=sys.stdout)
PYTHON
}

missing=$(missing_libraries)
if [ -z "$missing" ]; then
  exit 0
fi

echo "Qt lacks system libraries:" >&2
echo "$missing" | sed 's/^/  /' >&2
install_debian_packages "To see the window" missing_libraries "${offscreen[@]}" "${x11[@]}" "${multimedia[@]}"
