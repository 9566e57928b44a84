"""A `match` over an enum names every member, and mypy says so when one is added."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

CHECKOUT = Path(__file__).resolve().parent.parent
SOURCES = sorted(path for top in ("core", "gui") for path in (CHECKOUT / top).rglob("*.py"))


def enum_names() -> set[str]:
    """Names of our own enums."""
    classes = (
        node
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    return {each.name for each in classes if any("Enum" in ast.unparse(b) for b in each.bases)}


ENUMS = enum_names()


def of_enum(pattern: ast.pattern) -> bool:
    """Whether a pattern is one member of an enum of ours, or several."""
    if isinstance(pattern, ast.MatchOr):
        return all(of_enum(each) for each in pattern.patterns)
    return isinstance(pattern, ast.MatchValue) and (
        ast.unparse(pattern.value).partition(".")[0] in ENUMS
    )


def matches_over_enums(path: Path) -> Iterator[ast.Match]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Match):
            *named, last = node.cases
            is_open = isinstance(last.pattern, ast.MatchAs) and last.pattern.pattern is None
            if all(of_enum(case.pattern) for case in (named if is_open else node.cases)):
                yield node


@pytest.mark.parametrize(
    "path",
    SOURCES,
    ids=lambda path: str(path.relative_to(CHECKOUT)),
)
def test_a_match_over_an_enum_ends_in_assert_never(path):
    for match in matches_over_enums(path):
        last = ast.unparse(match.cases[-1].body[-1])
        assert last.startswith("assert_never("), f"{path}:{match.lineno}"
