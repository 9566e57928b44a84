"""Which modules of imagecodecs the bundle needs: it has sixty, with 80 MB of libraries."""

import re
from importlib import import_module, util
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_USED = re.compile(r"\bimagecodecs\.([a-z]\w+_(?:decode|transform))\b")
# What all of them import, and what `jpeg_decode` chooses among.
_ALWAYS = ("_shared", "_shared_cython", "_jpeg8", "_ljpeg")


def image_codecs() -> list[str]:
    """Modules that imagecodecs imports by name when the reader or tifffile calls a decoder."""
    module_of = import_module("imagecodecs.imagecodecs")._ATTRIBUTES
    texts = [path.read_text(encoding="utf-8") for path in _sources()]
    called = {name for text in texts for name in _USED.findall(text)}
    names = {module_of[name] for name in called if module_of.get(name)} | set(_ALWAYS)
    modules = [f"imagecodecs.{name}" for name in sorted(names)]
    # Some are not in every build.
    return [module for module in modules if util.find_spec(module) is not None]


def _sources() -> list[Path]:
    """The files that call decoders."""
    tifffile = util.find_spec("tifffile.tifffile")
    assert tifffile is not None
    return [Path(tifffile.origin or ""), *sorted((ROOT / "core" / "image_reading").glob("*.py"))]
