"""Prints how the code is laid out: rooms (folders), the imports between them, and circles.

`python -m tests.architecture` reads the files as text and runs nothing.
"""

import ast
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parent.parent
# What nearly every file of the window imports, which says nothing about its room.
EVERYWHERE = ("gui.look", "gui.work.background", "gui.widgets.plain_text")


@dataclass(frozen=True, slots=True)
class Layout:
    """The modules of a top-level folder, and what they import of it.

    Attributes:
        modules: Dotted names.
        imports: Of one module by another, both of them in the folder.
    """

    top: str
    modules: tuple[str, ...]
    imports: tuple[tuple[str, str], ...]

    def arrows(self) -> dict[str, set[str]]:
        """The rooms that each room imports."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for importer, imported in self.imports:
            if room(importer) != room(imported):
                found[room(importer)].add(room(imported))
        return dict(found)

    def circle_of_rooms(self) -> list[str]:
        """Rooms that import each other in a circle; empty if there are none."""
        return _circle(self.arrows())

    def circle_of_modules(self) -> list[str]:
        """Modules that import each other in a circle; empty if there are none."""
        found: defaultdict[str, set[str]] = defaultdict(set)
        for importer, imported in self.imports:
            found[importer].add(imported)
        return _circle(found)

    def loose_files(self) -> list[str]:
        """Modules that lie in no room."""
        return [module for module in self.modules if module.count(".") == 1]

    def fraction_at_home(self) -> float:
        """Fraction of the imports that stay in their own room."""
        counted = [
            (importer, imported)
            for importer, imported in self.imports
            if not imported.startswith(EVERYWHERE)
        ]
        return sum(room(a) == room(b) for a, b in counted) / len(counted)


def layout_of(top: str) -> Layout:
    """Read all modules of a top-level folder of the checkout."""
    files = {_dotted(path): path for path in sorted((CHECKOUT / top).rglob("*.py"))}
    pairs = {
        (module, imported)
        for module, path in files.items()
        for imported in _imported(path, files)
        if imported != module
    }
    return Layout(top, tuple(files), tuple(sorted(pairs)))


def room(module: str) -> str:
    """The folder that a module lies in, dotted."""
    return module.rpartition(".")[0]


def _dotted(path: Path) -> str:
    parts = path.relative_to(CHECKOUT).with_suffix("").parts
    return ".".join(parts)


def _imported(path: Path, files: dict[str, Path]) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(node, ast.ImportFrom) and node.module:
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                yield from (found for found in (whole, node.module) if found in files)
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in files)


def _circle(arrows: dict[str, set[str]]) -> list[str]:
    try:
        TopologicalSorter(arrows).prepare()
    except CycleError as error:
        circle: list[str] = error.args[1]
        return circle
    return []


def main() -> None:
    """Print the figures of core and gui."""
    for top in ("core", "gui"):
        layout = layout_of(top)
        arrows = layout.arrows()
        rooms = {room(module) for module in layout.modules}
        print(f"{top}: {len(layout.modules)} modules in {len(rooms)} rooms")
        print(f"  arrows between rooms: {sum(map(len, arrows.values()))}")
        print(f"  circle of rooms: {' → '.join(layout.circle_of_rooms()) or 'none'}")
        print(f"  circle of modules: {' → '.join(layout.circle_of_modules()) or 'none'}")
        print(f"  files in no room: {len(layout.loose_files())}")
        print(f"  imports that stay in their room: {layout.fraction_at_home():.0%}")


if __name__ == "__main__":
    main()
