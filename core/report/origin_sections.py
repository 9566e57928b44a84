"""Sections on exports, versions, fingerprints, and how to repeat a run."""

import os
import platform
from functools import reduce

from core.computer.computer_facts import ComputerFacts
from core.export_spec.artifact import ArtifactResult, Verdict, Verification
from core.report.blocks import (
    Block,
    Cell,
    Code,
    Column,
    Fold,
    Heading,
    Paragraph,
    Table,
    Tone,
    text_row,
)
from core.report.figure_texts import data_size, percent
from core.report.reported_run import ReportedRun
from core.report.reproduction import command_lines, full_command, has_short_sources, short_command
from core.text import Text, count_text
from core.version import program_version

_MOST_VERSIONS = 20
_LONGEST_VERSION = 60
_MOST_GPUS = 16
_TONES = {Verdict.PASSED: Tone.GOOD, Verdict.FAILED: Tone.BAD, Verdict.NOT_MADE: Tone.BAD}


def export_section(run: ReportedRun) -> list[Block]:
    """Tell how the exports in the run's folder compare with the model."""
    if run.info is None:
        return []
    heading = Heading(Text("Exports"))
    if not run.exports:
        text = Text("The run's folder has no exports of this model.")
        return [heading, Paragraph(text, Tone.MUTED)]
    columns = (
        Column(Text("Format")),
        Column(Text("Verdict")),
        Column(Text("Agrees with the model"), is_number=True),
        Column(Text("Accuracy"), is_number=True),
        Column(Text("Compared on"), is_number=True),
        Column(Text("Size"), is_number=True),
        Column(Text("Run with")),
    )
    notes = [
        Text("%1: %2", result.target.name, sentence)
        for result in run.exports
        for sentence in (*result.problems, *result.notes)
    ]
    return [
        heading,
        Table(columns, tuple(map(_export_row, run.exports))),
        *(Paragraph(note, Tone.MUTED) for note in notes),
    ]


def _export_row(result: ArtifactResult) -> tuple[Cell, ...]:
    found: Verification | None = result.verification
    return (
        Cell(result.target.name),
        Cell(result.verdict.text, _TONES.get(result.verdict, Tone.NOTE)),
        Cell(percent(found.top1_agreement) if found else "–"),
        Cell(percent(found.accuracy) if found else "–"),
        Cell(f"{found.num_images:,}" if found else "–"),
        Cell(data_size(result.size_bytes)),
        Cell(found.runtime if found else "–", Tone.MUTED),
    )


def origin_section(run: ReportedRun) -> list[Block]:
    """Tell by what the model can be recognised, and what it was made with."""
    rows: list[tuple[Cell, ...]] = []
    marks = [text_row(Text("Run"), str(run.path))]
    if run.created:
        rows.append(text_row(Text("Begun"), run.created))
    if run.info is not None:
        fingerprint = run.info.dataset_fingerprint
        marks.append(text_row(Text("Pictures and labels, SHA-256"), fingerprint))
        if run.checksum:
            marks.append(text_row(Text("Model (model.tflite), SHA-256"), run.checksum))
        versions = list(run.info.versions.items())[:_MOST_VERSIONS]
        text = ", ".join(f"{name} {version}"[:_LONGEST_VERSION] for name, version in versions)
        rows.append(text_row(Text("Trained with"), text))
    if run.computer is not None:
        rows.append(text_row(Text("Computer of the training"), _facts(run.computer)))
    rows.append(text_row(Text("Report written by"), f"Fieldguide {program_version()}"))
    rows.append(text_row(Text("Computer of the report"), _computer()))
    return [
        Heading(Text("Origin")),
        Table((Column(), Column(is_code=True)), tuple(marks)),
        Table((Column(), Column()), tuple(rows)),
    ]


def reproduction_section(run: ReportedRun) -> list[Block]:
    """Tell how to repeat the training."""
    blocks: list[Block] = [
        Heading(Text("How to repeat this training")),
        Paragraph(
            Text(
                "With the same pictures, version and settings the training gives the same result, "
                "up to rounding on another computer:"
            )
        ),
        Code(command_lines(short_command(run))),
    ]
    if run.is_edited:
        text = Text(
            "The changes that were made by hand are not in this command: name the project in "
            "place of the folders."
        )
        blocks.append(Paragraph(text, Tone.NOTE))
    if not has_short_sources(run):
        number = count_text("%n folder(s) and file(s)", "", len(run.sources))
        text = Text(
            "It was trained on %1: name a project that holds them in place of PROJECT.", number
        )
        blocks.append(Paragraph(text, Tone.NOTE))
    full = Code(command_lines(full_command(run)))
    return [*blocks, Fold(Text("The same command with every setting named"), (full,))]


def _facts(computer: ComputerFacts) -> str:
    parts = [
        computer.processor,
        count_text("%n processor core(s)", "", computer.cores),
        Text("%1 of memory", _gigabytes(computer.memory)) if computer.memory else "",
        *(_gpu(*gpu) for gpu in computer.gpus[:_MOST_GPUS]),
        computer.system,
    ]
    return reduce(lambda before, part: Text("%1, %2", before, part), filter(None, parts))


def _gpu(name: str, memory: int | None) -> str:
    return Text("GPU %1 with %2", name, _gigabytes(memory)) if memory else Text("GPU %1", name)


def _gigabytes(num_bytes: int) -> str:
    # As computers are sold, and as the window's status bar counts.
    return f"{num_bytes / 1024**3:.0f} GB"


def _computer() -> str:
    parts = (platform.system(), platform.release(), platform.machine())
    cores = count_text("%n processor core(s)", "", os.cpu_count() or 1)
    system = " ".join(parts)
    return Text("%1, Python %2, %3", system, platform.python_version(), cores)
