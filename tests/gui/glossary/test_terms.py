import re

import pytest
from PySide6.QtCore import QTranslator

from core.backbones.catalogue import catalogue
from core.settings.config import SETTINGS
from gui.glossary.families import FAMILIES, family_text
from gui.glossary.terms import TERMS, find_terms

SENTENCE = re.compile(r"[.!?](?:\s|$)")
# Of settings that need no explanation beyond their own line.
PLAIN_SETTINGS = {
    *("resize_mode", "image_size", "fine_tune", "flip", "rotation", "zoom", "shift", "crop"),
    *("brightness", "contrast", "saturation", "cutout", "test_split", "device"),
}


def keys(text: str) -> list[str]:
    return [mention.term.key for mention in find_terms(text)]


@pytest.mark.parametrize("term", TERMS.values(), ids=TERMS)
def test_an_entry_is_one_to_three_sentences(term):
    assert 1 <= len(SENTENCE.findall(term.text)) <= 3
    assert term.text.endswith(".")
    assert term.place


def test_no_spelling_leads_to_two_entries():
    forms = [form.casefold() for term in TERMS.values() for form in term.shown_forms()]
    assert sorted(set(forms)) == sorted(forms)


@pytest.mark.parametrize(
    "word",
    [
        *("bottleneck", "frozen layer", "batch", "epoch", "iteration", "step", "backbone", "head"),
        *("feature", "fine-tuning", "overfitting", "learning rate", "schedule", "optimizer"),
        *("L-BFGS", "dropout", "regularisation", "L2", "label smoothing", "mixup", "EMA"),
        *("augmentation", "validation split", "test split", "seed", "accuracy"),
        *("balanced accuracy", "precision", "recall", "F1", "confusion matrix", "confidence"),
        *("confidence interval", "calibration", "early stopping", "quantisation", "int8"),
        *("float16", "transfer learning", "logits", "softmax", "preset", "near duplicate"),
    ],
)
def test_a_word_of_the_field_is_explained(word):
    [mention] = find_terms(f"about the {word}, which is new")
    assert mention.end - mention.start == len(word)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Batch normalisation needs batches", ["batch-norm", "batch"]),
        ("BALANCED ACCURACY is no accuracy", ["balanced-accuracy", "accuracy"]),
        ("batchwise, ahead, seedling, stepless", []),
        ("post-batch and batch-post", []),
        ("steps and steps again", ["step"]),
        ("the backbone's features.", ["backbone", "feature"]),
        ("", []),
    ],
)
def test_terms_are_found_as_whole_words_the_longest_first(text, expected):
    assert keys(text) == expected


def test_settings_that_have_a_name_of_the_field_are_explained_by_it():
    unexplained = {name for name, each in SETTINGS.items() if not keys(each.label)}
    assert unexplained == PLAIN_SETTINGS


class German(QTranslator):
    """Has two forms of one word."""

    def translate(self, _context, text, _disambiguation=None, _n=-1):
        return "Stapel|Stapeln|Stapelgröße" if text == TERMS["batch"].forms else None


def test_terms_are_found_in_the_users_language(qapp):
    translator = German()
    qapp.installTranslator(translator)
    try:
        assert keys("Größe der Stapeln") == ["batch"]
        assert keys("batch") == []
    finally:
        qapp.removeTranslator(translator)
    assert keys("batch") == ["batch"]


def test_each_family_of_the_catalogue_is_explained_in_two_sentences():
    assert {entry.family for entry in catalogue()} == set(FAMILIES)
    for family in FAMILIES:
        assert len(SENTENCE.findall(family_text(family))) == 2, family


def test_a_family_from_elsewhere_has_no_explanation():
    assert family_text("My own") == ""
