"""The HTML form: one file without script or network, whatever names are in it."""

import base64
import hashlib
import re
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest

from core.data.dataset import Split
from core.report.html_page import html_page
from core.report.report import make_report
from tests.chromium import chromium_page, find_chromium
from tests.reported_runs import finished_run

ENEMIES = ("<script>alert(1)</script>", '"><img src=x onerror=alert(2)>', "a\nb\x1b[31m\u202eevil")
ELEMENTS_WITHOUT_END = {"meta", "img"}


class Reader(HTMLParser):
    """Notes elements and texts, and that each is closed."""

    def __init__(self) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.texts: list[str] = []
        self._open: list[str] = []

    def handle_starttag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in ELEMENTS_WITHOUT_END and not tag.startswith(("line", "circle", "poly")):
            self._open.append(tag)

    def handle_startendtag(self, tag, attrs) -> None:
        self.elements.append((tag, dict(attrs)))

    def handle_endtag(self, tag) -> None:
        assert self._open.pop() == tag

    def handle_data(self, data) -> None:
        self.texts.append(data)

    def close(self) -> None:
        super().close()
        assert self._open == []


def read(content: bytes) -> Reader:
    reader = Reader()
    reader.feed(content.decode("utf-8"))
    reader.close()
    return reader


@pytest.fixture
def enemy(tmp_path: Path) -> Path:
    matrix = np.array([[9, 3, 0], [2, 6, 1], [0, 4, 8]])
    return finished_run(tmp_path / "<b>&folder", ENEMIES, {Split.TEST: matrix})


def test_names_of_classes_and_files_are_shown_as_texts(enemy: Path) -> None:
    content = html_page(make_report([enemy]))
    reader = read(content)
    names = {name for name, _ in reader.elements}
    assert not names & {"script", "iframe", "object", "link", "base", "form", "b&folder"}
    assert not [tags for tags in reader.elements if any(key.startswith("on") for key in tags[1])]
    for shown in (*ENEMIES[:2], r"a\nb\x1b[31m\u202eevil"):
        assert shown in reader.texts
    assert any("<b>&folder" in text for text in reader.texts)
    assert not set(content.decode("utf-8")) & set("\x1b\u202e")


def test_it_needs_no_other_file_and_no_network(enemy: Path) -> None:
    content = html_page(make_report([enemy])).decode("utf-8")
    for name, attributes in read(content.encode("utf-8")).elements:
        source = attributes.get("src") or ""
        assert not source or source.startswith("data:image/jpeg;base64,"), name
        assert not (attributes.get("href") or "#").lstrip("#").startswith(("http", "/", "file"))
        assert "style" not in attributes
    assert not re.search(r"url\(|@import", content)


def test_the_policy_allows_its_own_style_and_pictures_alone(enemy: Path) -> None:
    reader = read(html_page(make_report([enemy])))
    [policy] = [
        attributes["content"]
        for _, attributes in reader.elements
        if attributes.get("http-equiv") == "Content-Security-Policy"
    ]
    content = html_page(make_report([enemy])).decode("utf-8")
    style = content.partition("<style>")[2].partition("</style>")[0]
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    assert policy.startswith("default-src 'none'; img-src data:; ")
    assert f"style-src 'sha256-{digest}'" in policy


def test_texts_are_translated(enemy: Path) -> None:
    reader = read(
        html_page(make_report([enemy]), lambda text: text.replace("Recall", "Trefferquote"))
    )
    assert "Trefferquote" in reader.texts
    assert "Recall" not in reader.texts


@pytest.mark.skipif(find_chromium() is None, reason="there is no Chromium")
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_browser_shows_it_without_a_complaint(enemy: Path, tmp_path: Path, scheme: str) -> None:
    file = tmp_path / "report.html"
    file.write_bytes(html_page(make_report([enemy, finished_run(tmp_path / "other")])))
    with chromium_page() as page:
        features = [{"name": "prefers-color-scheme", "value": scheme}]
        page.ask("Emulation.setEmulatedMedia", features=features)
        page.open(file.as_uri())
        # The style holds: the policy let it in.
        color = page.run("getComputedStyle(document.body).backgroundColor")
        assert color == {"light": "rgb(250, 250, 247)", "dark": "rgb(22, 25, 23)"}[scheme]
        assert page.run("[...document.images].every(image => image.naturalWidth > 0)")
        assert page.run("document.scripts.length") == 0
        # Nothing sticks out to the right.
        width = page.run("document.documentElement.scrollWidth - innerWidth")
        assert width <= 0
        assert page.messages == []
