"""Gathers the licence texts of all that the bundle carries into build/licences.

Usage: python packaging/pyinstaller/collect_licences.py
"""

import re
import shutil
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
TARGET = ROOT / "build" / "licences"
_PINNED = re.compile(r"^([A-Za-z0-9._-]+)==(\S+?)( ;.*)? \\$", re.MULTILINE)
_TEXT = re.compile(r"(licen[cs]e|copying|notice|authors)", re.IGNORECASE)
_QT_NOTE = """\
Qt and PySide6 are used under the GNU Lesser General Public License, version 3 (its text is in
lgpl-3.0.txt, that of the GNU General Public License, to which it refers, in gpl-3.0.txt).
They lie in this program's folder as shared libraries of their own, unchanged as they are published
at https://pypi.org/project/PySide6/, and may be replaced there by other builds of the same version.
Their source code: https://code.qt.io/ and https://download.qt.io/official_releases/QtForPython/

libheif and libde265, in pi-heif, are used under the same licence: https://github.com/strukturag
FFmpeg, in PySide6's QtMultimedia, under the LGPL, version 2.1 or later: https://ffmpeg.org/
"""
# What Debian and others carry under these names too.
_COMMON = {"lgpl-3.0.txt": "LGPL-3", "gpl-3.0.txt": "GPL-3"}


def main() -> int:
    """Write the texts; gives the exit code."""
    shutil.rmtree(TARGET, ignore_errors=True)
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    without = [name for name, *_ in _PINNED.findall(lock) if not _copy_texts(name)]
    (TARGET / "Qt.txt").write_text(_QT_NOTE, encoding="utf-8")
    python = Path(sys.base_prefix) / "lib" / f"python3.{sys.version_info[1]}" / "LICENSE.txt"
    for path in (python, Path(sys.base_prefix) / "LICENSE.txt"):
        if path.is_file():
            shutil.copyfile(path, TARGET / "Python.txt")
    for name, known in _COMMON.items():
        path = Path("/usr/share/common-licenses") / known
        if path.is_file():
            shutil.copyfile(path, TARGET / name)
    if without:
        print("These say their licence in a line and bring no text:", ", ".join(without))
    return 0


def _copy_texts(name: str) -> bool:
    """Copy one distribution's texts; gives whether there are any, or it isn't installed."""
    try:
        distribution = metadata.distribution(name)
    except metadata.PackageNotFoundError:
        return True  # for another system
    folder = TARGET / f"{distribution.name}-{distribution.version}"
    folder.mkdir(parents=True)
    found = False
    for file in distribution.files or ():
        is_here = ".dist-info" in file.parts[0] or len(file.parts) <= 2
        # Of the libraries in imagecodecs.
        is_here = is_here or file.parts[1:-1] == ("licenses",)
        if _TEXT.search(file.name) and is_here and file.suffix not in (".py", ".pyc"):
            text = Path(str(distribution.locate_file(file)))
            if text.is_file():
                shutil.copyfile(text, folder / "-".join(file.parts[1:]))
                found = True
    said = distribution.metadata
    licence = (
        said.get("License-Expression")
        or said.get("License")
        or "; ".join(
            entry.rpartition(":: ")[2]
            for entry in said.get_all("Classifier", [])
            if entry.startswith("License")
        )
    )
    lines = [f"{distribution.name} {distribution.version}: {licence[:200]}"]
    lines += [said["Home-page"]] if said.get("Home-page") else said.get_all("Project-URL", [])
    (folder / "ABOUT").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return found


if __name__ == "__main__":
    sys.exit(main())
