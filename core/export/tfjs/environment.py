"""Find what `packaging/tfjs/make_environment.sh` fetches, and Node.js."""

import os
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.errors import ExportError
from core.text import Text

HOME_VARIABLE = "FIELDGUIDE_TFJS_HOME"
MAKE_ENVIRONMENT = "make tfjs"
LIBRARIES = ("tf.min.js", "tf-backend-wasm.min.js", "tfjs-backend-wasm-simd.wasm")
"""TensorFlow.js, and its backend in WebAssembly."""

LICENCE = "LICENSE-tensorflow.js.txt"

_MARK = ".made_from"  # written last
_OLDEST_NODE = 18
_NODE_LIMIT_S = 60.0


@dataclass(frozen=True, slots=True)
class TfjsEnvironment:
    """A folder that is whole.

    Attributes:
        converter: Folder with the package `tensorflowjs`.
        libraries: Folder with `LIBRARIES` and their `LICENCE`.
    """

    converter: Path
    libraries: Path


def find_environment() -> TfjsEnvironment:
    """Find the folder that `FIELDGUIDE_TFJS_HOME` names, or the one in its default place.

    Raises:
        ExportError: If it is not made, or something in it is missing.
    """
    folder = default_environment()
    found = TfjsEnvironment(folder / "python", folder / "javascript")
    needed = (found.converter / "tensorflowjs", *_library_files(found))
    if not (folder / _MARK).is_file():
        raise ExportError(
            Text(
                "TensorFlow.js's converter isn't installed in %1. Install it with: %2. Or name an "
                "existing environment in %3.",
                str(folder),
                MAKE_ENVIRONMENT,
                HOME_VARIABLE,
            )
        )
    for path in needed:
        if not path.exists():
            raise ExportError(
                Text(
                    "The TensorFlow.js environment lacks %1. Remove the folder %2 and make it "
                    "again with: %3",
                    str(path),
                    str(folder),
                    MAKE_ENVIRONMENT,
                )
            )
    return found


def default_environment() -> Path:
    """Return the folder that `packaging/tfjs/make_environment.sh` makes."""
    if named := os.environ.get(HOME_VARIABLE):
        return Path(named).expanduser()
    cache = os.environ.get("XDG_CACHE_HOME")
    return (Path(cache) if cache else Path.home() / ".cache") / "fieldguide-tfjs"


def node_problem() -> Text | None:
    """Say why exports can't be run here: there is no Node.js, or it is too old; else None."""
    node = shutil.which("node")
    if node is None:
        return Text(
            "It was not run here, since there is no Node.js on PATH. Install Node.js %1 or later "
            "(on Debian: sudo apt-get install nodejs) and export again to verify it.",
            str(_OLDEST_NODE),
        )
    version = _version_of(node)
    major = version.removeprefix("v").partition(".")[0]
    if major.isdecimal() and int(major) >= _OLDEST_NODE:
        return None
    return Text(
        "It was not run here: %1 says that its version is “%2”, and Node.js %3 or later is needed. "
        "Install a newer one and export again to verify it.",
        node,
        version,
        str(_OLDEST_NODE),
    )


def _version_of(node: str) -> str:
    try:
        done = subprocess.run(
            [node, "--version"],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=_NODE_LIMIT_S,
            check=False,
        )
    except (OSError, subprocess.SubprocessError):
        return ""
    return done.stdout.strip()


def _library_files(found: TfjsEnvironment) -> list[Path]:
    return [found.libraries / name for name in (*LIBRARIES, LICENCE)]
