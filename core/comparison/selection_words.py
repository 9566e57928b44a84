"""Sentences about several runs beside each other."""

from collections.abc import Mapping
from dataclasses import replace

from core.comparison.comparison_words import (
    comparison_sentence,
    method_sentences,
    pairs_sentence,
)
from core.comparison.group_comparison import GroupComparisons
from core.comparison.group_words import group_method_sentences, group_sentence, groups_sentence
from core.comparison.selection import RunSelection
from core.text import Text, sentences


def selection_sentence(selection: RunSelection, names: Mapping[str, str]) -> Text:
    """Say in a sentence which of the runs, or ways of training, is better by more than chance.

    Args:
        names: Of the groups, by their key, as a sentence may begin with; of a single run its own.
    """
    if selection.groups is not None:
        groups = _named(selection.groups, names)
        return group_sentence(*groups.pairs) if len(groups.pairs) == 1 else groups_sentence(groups)
    if len(selection.pairs) == 1:
        first, second = (names[str(position)] for position in range(2))
        return comparison_sentence(*selection.pairs, first, second)
    return pairs_sentence(selection.pairs)


def selection_method(selection: RunSelection) -> Text:
    """Say by which test the sentence was found, and over what."""
    if selection.groups is not None:
        return group_method_sentences(selection.groups.pairs)
    if len(selection.pairs) == 1:
        return method_sentences(*selection.pairs)
    tested = [pair for pair in selection.pairs if pair.p_value is not None]
    if not tested:
        return Text("")
    return sentences(
        Text(
            "Tested by McNemar's exact test on the pictures that are in both test splits and that "
            "neither was trained on."
        ),
        Text("Corrected for %1 comparisons by Holm's method.", len(tested)),
    )


def _named(groups: GroupComparisons, names: Mapping[str, str]) -> GroupComparisons:
    return GroupComparisons(
        {names[key]: accuracy for key, accuracy in groups.accuracies.items()},
        tuple(
            replace(pair, first=names[pair.first], second=names[pair.second])
            for pair in groups.pairs
        ),
    )
