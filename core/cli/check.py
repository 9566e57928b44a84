"""`fieldguide check`: find problems in a set of images."""

import argparse
import json
from collections import Counter
from typing import Any

from core.cli.command import Commands, add_command
from core.cli.image_sources import add_image_arguments, chosen_images
from core.cli.output import one_line
from core.data.dataset import Dataset, Finding, FindingKind
from core.data.examination.image_index import ImageIndex
from core.data.examination.inspect import find_problems
from core.data.scanning.scan import scan_images
from core.messages.events import Phase
from core.text import count_text


def add_parser(commands: Commands) -> None:
    """Add the command to the program's parser."""
    parser = add_command(
        commands,
        "check",
        description="Check every picture and report what may harm training. Nothing is changed.",
    )
    add_image_arguments(parser)
    parser.add_argument("--json", action="store_true", help="print one JSON object per finding")
    parser.set_defaults(run=lambda arguments: _run(parser, arguments))


def _run(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> int:
    chosen = chosen_images(parser, arguments)
    scanned = scan_images(chosen.sources)
    dataset = chosen.edits.apply(scanned)
    findings = [*dataset.findings, *_problems(dataset)]
    for finding in findings:
        print(json.dumps(_json(finding)) if arguments.json else _plain(finding))
    counts = Counter(finding.kind for finding in findings)
    if arguments.json:
        print(json.dumps(_summary(dataset, counts)))
    else:
        found = [", ".join(kind.counted(count) for kind, count in counts.items())]
        if len(dataset.labels) == 1:
            found.append("training needs at least two classes")
        told = "; ".join(filter(None, found)) or "no problems found"
        classes = count_text("%n class(es)", "", len(dataset.labels))
        print(f"{count_text('%n picture(s)', '', len(dataset.images))} in {classes}: {told}")
    return 0


def _problems(dataset: Dataset) -> tuple[Finding, ...]:
    if not dataset.images:  # a project's edits may remove all
        return ()
    # Imported here: a command that shows no progress needn't load Rich.
    from core.cli.counting import counting

    with (
        ImageIndex() as index,
        counting(Phase.CHECKING.text, len(dataset.images)) as on_progress,
    ):
        return find_problems(dataset, index, on_progress=on_progress)


def _json(finding: Finding) -> dict[str, Any]:
    return {
        "path": None if finding.path is None else str(finding.path),
        "kind": finding.kind.value,
        "detail": finding.detail,
    }


def _plain(finding: Finding) -> str:
    place = "" if finding.path is None else f"{finding.path}: "
    return one_line(f"{finding.kind.value.replace('_', ' ')}: {place}{finding.detail}")


def _summary(dataset: Dataset, counts: Counter[FindingKind]) -> dict[str, Any]:
    return {
        "event": "summary",
        "num_images": len(dataset.images),
        "num_classes": len(dataset.labels),
        "findings": {kind.value: count for kind, count in counts.items()},
    }
