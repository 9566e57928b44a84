"""Puts the texts of the code into the translations of `resources/languages`, and compiles them.

Run by `make languages`.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LANGUAGES = ROOT / "resources" / "languages"
CATALOGUE = ROOT / "resources" / "backbones.json"
# The functions whose first argument lupdate is to find, beside `tr`, which it knows.
_OTHER_NAMES = ("tr_count", "Text", "count_text")


def main() -> None:
    """Bring all translations up to date."""
    translations = sorted(LANGUAGES.glob("fieldguide_*.ts"))
    if not translations:
        print("There are no languages yet: resources/languages/README.md says how to begin one.")
    for translation in translations:
        collect_texts(translation)
        compile_language(translation)


def collect_texts(translation: Path) -> None:
    """Bring a translation (`.ts`, made if it isn't there) up to the texts of the code.

    Raises:
        SystemExit: With what lupdate says, if it can't read the code.
    """
    sources = [str(path) for top in ("core", "gui") for path in sorted((ROOT / top).rglob("*.py"))]
    aliases = [part for name in _OTHER_NAMES for part in ("-tr-function-alias", f"tr+={name}")]
    advice = sorted({entry["advice"] for entry in json.loads(CATALOGUE.read_bytes())["backbones"]})
    # Locations without line numbers: a translation changes with the texts, not with the code.
    options = ["-no-obsolete", "-locations", "none", "-warnings-are-errors"]
    with tempfile.TemporaryDirectory() as folder:
        others = Path(folder) / "catalogue.py"
        others.write_text("".join(f"tr({json.dumps(text)})\n" for text in advice), "utf-8")
        _run("pyside6-lupdate", *aliases, *options, *sources, str(others), "-ts", str(translation))


def compile_language(translation: Path) -> Path:
    """Make the `.qm` that the program loads, beside its `.ts`."""
    compiled = translation.with_suffix(".qm")
    _run("pyside6-lrelease", str(translation), "-qm", str(compiled))
    return compiled


def _run(tool: str, *arguments: str) -> None:
    command = [str(Path(sys.executable).parent / tool), *arguments]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{tool} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    main()
