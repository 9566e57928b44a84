"""The page in a browser: opened by a double click and from a server, with real files."""

import base64
import io
import json
import threading
from collections.abc import Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from core.data.pixels.decoder import ResizeMode, decode_image
from core.own_source import source_root
from tests.chromium import Page, chromium_page, find_chromium
from tests.core.export.tfjs.conftest import TfjsExport
from tests.icc_profiles import DISPLAY_P3
from tests.program import SAMPLE
from tests.tfjs_page import shown_probabilities

pytestmark = pytest.mark.slow
SIZE = (96, 160)


class PageHandler(SimpleHTTPRequestHandler):
    """Serves what a web server needs, as the card says: all but the files of the double click."""

    def do_GET(self) -> None:
        if self.path.strip("/") in ("embedded.js", "export.json", "labels.txt"):
            self.send_error(404)
        else:
            super().do_GET()

    def log_message(self, *_: Any) -> None:
        pass


@pytest.fixture(scope="module")
def page() -> Iterator[Page]:
    if find_chromium() is None:
        pytest.skip("there is no Chromium: apt-get install chromium")
    with chromium_page() as page:
        yield page


@pytest.fixture(scope="module")
def server(tfjs_export: TfjsExport) -> Iterator[str]:
    """The address at which a plain server has the export, without what it can do without."""
    handler = partial(PageHandler, directory=str(tfjs_export.folder))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as serving:
        thread = threading.Thread(target=serving.serve_forever)
        thread.start()
        yield f"http://127.0.0.1:{serving.server_address[1]}/"
        serving.shutdown()
        thread.join()


def longer_side(path: Path) -> int:
    with Image.open(path) as image:
        return max(image.size)


@pytest.mark.parametrize("how", ["double click", "server"])
def test_pictures_that_are_chosen_get_classifys_probabilities(
    page: Page, tfjs_export: TfjsExport, server: str, how: str
):
    index = tfjs_export.folder / "index.html"
    page.open(index.as_uri() if how == "double click" else server)
    page.choose_files("#chooser", tfjs_export.photos)
    found = shown_probabilities(page, len(tfjs_export.photos))
    differences = np.abs(found - tfjs_export.expected()).max(axis=1)
    # Fieldguide has large JPEG files decoded in part, as browsers have no way to.
    is_large = np.array([longer_side(path) > 1000 for path in tfjs_export.photos])
    assert 0 < is_large.sum() < len(is_large)
    assert differences[~is_large].max() < 1e-5
    assert differences[is_large].max() < 0.005
    assert page.run("tf.getBackend()") == "wasm"
    assert page.messages == []


def test_pictures_that_are_dropped_are_shown_with_their_classes(
    page: Page, tfjs_export: TfjsExport
):
    page.open((tfjs_export.folder / "index.html").as_uri())
    page.wait_for("document.getElementById('status').innerText.startsWith('Ready')")
    page.drop_files(tfjs_export.photos[:2])
    shown_probabilities(page, 2)
    shown = page.run("document.querySelector('article').innerText").splitlines()
    labels = ("brick", "grass", "gravel")
    best = tfjs_export.expected()[1].argmax()
    assert shown[0] == tfjs_export.photos[1].name
    assert shown[1].startswith(f"{labels[best]} – ")
    assert shown[1].endswith("%")


def test_a_file_that_is_no_picture_is_a_sentence(
    page: Page, tfjs_export: TfjsExport, tmp_path: Path
):
    (tmp_path / "page.jpg").write_text("<html>")
    page.open((tfjs_export.folder / "index.html").as_uri())
    page.choose_files("#chooser", [tmp_path / "page.jpg"])
    page.wait_for("document.querySelector('article[data-state=failed]') !== null")
    assert "This file is no picture, is damaged or cut off" in page.run("document.body.innerText")


def test_a_picture_that_is_cut_off_is_a_sentence_of_the_pages_width_without_its_half(
    page: Page, tfjs_export: TfjsExport, tmp_path: Path
):
    content = tfjs_export.photos[0].read_bytes()
    cut = tmp_path / "cut-off"  # the chooser takes files without a suffix, too
    cut.write_bytes(content[: len(content) // 2])
    page.open((tfjs_export.folder / "index.html").as_uri())
    assert page.run("document.getElementById('chooser').accept") == ""
    page.choose_files("#chooser", [cut])
    page.wait_for("document.querySelector('article[data-state]') !== null")
    assert page.run("document.querySelector('article').dataset.state") == "failed"
    assert "is damaged or cut off" in page.run("document.body.innerText")
    assert page.run("document.querySelectorAll('article img').length") == 0
    width = "document.querySelector('{}').getBoundingClientRect().width"
    assert page.run(width.format("article .error")) == page.run(width.format("article"))


def test_a_picture_below_the_threshold_is_unknown_and_one_above_is_not(
    page: Page, tfjs_export: TfjsExport
):
    page.open((tfjs_export.folder / "index.html").as_uri())
    page.wait_for("document.getElementById('status').innerText.startsWith('Ready')")
    script = (tfjs_export.folder / "description.js").read_text(encoding="utf-8")
    stored = json.loads((tfjs_export.folder / "export.json").read_text(encoding="utf-8"))
    assert f'"unknown_threshold": {json.dumps(stored["unknown_threshold"])}' in script
    page.choose_files("#chooser", tfjs_export.photos[:1])
    best = shown_probabilities(page, 1).max()
    is_unknown = "document.querySelector('article .unknown').innerText"
    assert page.run(is_unknown).startswith("unknown") == bool(best < stored["unknown_threshold"])


@pytest.mark.parametrize(
    ("threshold", "words"), [(1.1, "unknown: no class reaches 110.0%"), (0, "")]
)
def test_the_threshold_of_the_description_decides(
    page: Page, tfjs_export: TfjsExport, tmp_path: Path, threshold: float, words: str
):
    for path in tfjs_export.folder.iterdir():
        (tmp_path / path.name).symlink_to(path)
    script = (tmp_path / "description.js").read_text(encoding="utf-8")
    (tmp_path / "description.js").unlink()
    change = f"globalThis.fieldguideDescription.unknown_threshold = {threshold};"
    (tmp_path / "description.js").write_text(script + change, encoding="utf-8")
    page.open((tmp_path / "index.html").as_uri())
    page.choose_files("#chooser", tfjs_export.photos[:1])
    shown_probabilities(page, 1)
    assert page.run("document.querySelector('article .unknown').innerText") == words


def test_a_model_that_is_missing_is_a_sentence(page: Page, tfjs_export: TfjsExport, tmp_path: Path):
    for path in tfjs_export.folder.iterdir():
        if path.is_file() and path.name != "embedded.js":
            (tmp_path / path.name).symlink_to(path)
    page.open((tmp_path / "index.html").as_uri())
    page.wait_for("document.getElementById('status').innerText.includes('embedded.js')")
    assert "The model can't be loaded" in page.run("document.body.innerText")
    page.messages.clear()


def encoded(image: Image.Image, form: str, **options: Any) -> bytes:
    stream = io.BytesIO()
    image.save(stream, form, **options)
    return stream.getvalue()


def odd_files() -> dict[str, bytes]:
    photo = Image.open(sorted(SAMPLE.rglob("*.jpg"))[0]).convert("RGB").resize((240, 170))
    photo.paste((200, 30, 60), (20, 20, 120, 90))
    clear = photo.copy()
    clear.putalpha(Image.linear_gradient("L").resize(photo.size))
    exif = Image.Exif()
    exif[0x0112] = 6
    return {
        "jpeg": encoded(photo, "JPEG", quality=95),
        "grey": encoded(photo.convert("L"), "JPEG"),
        "cmyk": encoded(photo.convert("CMYK"), "JPEG"),
        "profile": encoded(photo, "PNG", icc_profile=DISPLAY_P3.profile()),
        "clear": encoded(clear, "PNG"),
        "palette": encoded(photo.convert("P"), "GIF"),
        "webp": encoded(photo, "WEBP"),
        "turned": encoded(photo, "JPEG", quality=95, exif=exif),
        "turned PNG": encoded(photo, "PNG", exif=exif),
    }


@pytest.fixture(scope="module")
def reader(page: Page, tmp_path_factory: pytest.TempPathFactory) -> Page:
    """A page with the script that reads pictures, and nothing else."""
    path = tmp_path_factory.mktemp("reader") / "reader.html"
    script = source_root() / "core/export/tfjs/page/picture.js"
    path.write_text(f'<!doctype html><script src="{script.as_uri()}"></script>')
    page.open(path.as_uri())
    return page


@pytest.mark.parametrize("name", odd_files())
@pytest.mark.parametrize("resize_mode", ResizeMode)
def test_the_browser_reads_the_pixels_that_the_program_reads(
    reader: Page, name: str, resize_mode: ResizeMode
):
    content = odd_files()[name]
    file = f"data:application/octet-stream;base64,{base64.b64encode(content).decode()}"
    found = reader.run(f"""
        (async () => {{
            const blob = await (await fetch("{file}")).blob();
            const pixels = await fieldguide.readPicture(blob, {list(SIZE)}, "{resize_mode}");
            return btoa(Array.from(pixels, (byte) => String.fromCharCode(byte)).join(""));
        }})()
    """)
    pixels = np.frombuffer(base64.b64decode(found), np.uint8).reshape(*SIZE, 3).astype(int)
    expected = decode_image(content, size=SIZE, resize_mode=resize_mode).astype(int)
    difference = np.abs(pixels - expected)
    assert difference.max() <= 1
    assert difference.mean() < 0.2
