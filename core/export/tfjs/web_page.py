"""Lay a web page beside a TensorFlow.js model: it classifies pictures."""

import json
import shutil
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from core.export.tfjs.environment import LIBRARIES, LICENCE, TfjsEnvironment
from core.models.model_info import ModelInfo
from core.own_source import source_root

PAGE_FILES = ("index.html", "page.js", "picture.js", "classifier.js", "predict.mjs")
"""Files of `core/export/tfjs/page`, which are copied as they are."""

DESCRIPTION_FILE = "description.js"
EMBEDDED_FILE = "embedded.js"

_PAGE = source_root() / "core/export/tfjs/page"
_WASM = LIBRARIES[-1]
_BLOCK = 3 * 2**18  # bytes; Base64 has no rest for multiples of three


def description_of(info: ModelInfo) -> dict[str, Any]:
    """Return what the page must know of the model, by the names of `export.json`."""
    return {
        "model": info.name,
        "labels": list(info.labels),
        "input_size": list(info.input_size),
        "fit": info.resize_mode.value,
        "unknown_threshold": info.unknown_threshold,
    }


def write_web_page(artifact: Path, info: ModelInfo, environment: TfjsEnvironment) -> None:
    """Write the page and all that it needs into the artifact's folder.

    Browsers let a page that was opened by a double click read scripts beside it, but no other
    files: so one of the scripts holds the files of the model once more.

    Raises:
        OSError: If it can't be written.
    """
    folder = artifact.parent
    for name in PAGE_FILES:
        shutil.copyfile(_PAGE / name, folder / name)
    for name in (*LIBRARIES, LICENCE):
        shutil.copyfile(environment.libraries / name, folder / name)
    # A class may be called "</script>": this is a file of its own, which HTML has no part in.
    description = json.dumps(description_of(info) | {"artifact": artifact.name})
    (folder / DESCRIPTION_FILE).write_text(
        f"globalThis.fieldguideDescription = {description};\n", encoding="utf-8"
    )
    _embed(folder, [folder / _WASM, *sorted(artifact.iterdir())])


def _embed(folder: Path, files: list[Path]) -> None:
    with (folder / EMBEDDED_FILE).open("w", encoding="ascii") as script:
        script.write("globalThis.fieldguideFiles = {\n")
        for path in files:
            script.write(f'{json.dumps(path.relative_to(folder).as_posix())}: "')
            script.writelines(_base64_blocks(path))
            script.write('",\n')
        script.write("};\n")


def _base64_blocks(path: Path) -> Iterator[str]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield b64encode(block).decode("ascii")
