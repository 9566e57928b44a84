import re

import pytest

from core.backbones.catalogue import catalogue
from gui.learning.guide_library import GuideLibrary
from gui.learning.guide_section import plain, read_document
from resources import GUIDE_FILES, guide_path


@pytest.fixture(scope="module")
def library() -> GuideLibrary:
    return GuideLibrary()


def best(library: GuideLibrary, query: str) -> tuple[str, str]:
    section = library.search(query)[0].section
    return section.document, section.anchor


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("batch", ("glossary", "batch")),
        ("BATCH ", ("glossary", "batch")),
        ("softmax", ("glossary", "logits")),
        ("EMA", ("glossary", "ema")),
        ("overfit", ("glossary", "overfitting")),
        ("learning rate", ("glossary", "learning-rate")),
        ("camera", ("user-guide.md", "the-camera")),
        ("keyboard", ("user-guide.md", "keyboard")),
        ("nautilus", ("user-guide.md", "right-click-in-the-file-manager")),
        ("compound scaling", ("backbone-families", "efficientnet")),
    ],
)
def test_a_search_finds_the_right_section_first(library, query, expected):
    assert best(library, query) == expected


def test_all_words_have_to_be_there(library):
    assert library.search("thunar") != []
    assert library.search("thunar zzzz") == []
    assert library.search("  ") == []


def test_signs_of_patterns_are_searched_as_they_are(library):
    assert library.search("(few)") != []
    assert library.search(".*") == []


def test_an_extract_shows_the_words_it_was_found_by(library):
    for hit in library.search("nautilus"):
        assert "nautilus" in hit.extract.lower()
        assert len(hit.extract) < 150


def test_every_document_has_sections_with_anchors_of_their_own(library):
    assert [document.name for document in library.documents] == [
        "user-guide.md",
        "glossary",
        "backbone-families",
        "experiments.md",
        "formats.md",
    ]
    for document in library.documents:
        anchors = [section.anchor for section in document.sections]
        assert len(anchors) == len(set(anchors)) > 1, document.name


def test_links_within_the_guide_lead_to_sections(library):
    links = 0
    for document in library.documents:
        for target in re.findall(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)", document.markdown):
            name, _, anchor = target.partition("#")
            found = library.document(name or document.name)
            if found is None:
                continue
            assert not anchor or anchor in {section.anchor for section in found.sections}, target
            links += 1
    assert links > 50


def test_images_of_the_documents_are_there():
    for name in GUIDE_FILES:
        text = guide_path(name).read_text("utf-8")
        for image in re.findall(r"!\[[^\]]*\]\(([^)]+)\)", text):
            assert guide_path(image).is_file()


def test_each_family_of_the_catalogue_is_in_the_guide(library):
    families = library.document("backbone-families")
    assert families is not None
    titles = {section.title for section in families.sections}
    assert {entry.family for entry in catalogue()} <= titles


def test_headings_in_code_are_no_sections():
    document = read_document("x.md", "# One\n```sh\n# no heading\n```\n## Two *words*\ntext")
    assert [(s.level, s.title, s.anchor) for s in document.sections] == [
        (1, "One", "one"),
        (2, "Two words", "two-words"),
    ]


def test_headings_of_the_same_words_get_numbers_as_on_github():
    document = read_document("x.md", "## A (b)\n## A b\n")
    assert [section.anchor for section in document.sections] == ["a-b", "a-b-1"]


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        ("**Bold** and *thin* `code`", "Bold and thin code"),
        ("[a link](x.md#y) ![image](z.png)", "a link"),
        ("| a | b |\n|---|---|\n| c | d |", "a b c d"),
        ("- item\n2. other", "item other"),
        ("`_classes.csv` of 3*4", "_classes.csv of 3*4"),
        ("a <!-- hidden --> b", "a b"),
    ],
)
def test_marks_are_no_text(markdown, expected):
    assert plain(markdown) == expected
