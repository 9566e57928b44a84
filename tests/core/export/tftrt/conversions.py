"""Conversions with the real environment, as tests ask for them."""

import os
import subprocess
from dataclasses import dataclass
from pathlib import Path

from core.export.programs.environment import program_environment
from core.export.tftrt.capability import TftrtCapability
from core.export.tftrt.conversion import TftrtRequest
from core.export.tftrt.report import TftrtReport
from core.export_spec.export_format import Precision


@dataclass(frozen=True, slots=True)
class Converted:
    """A SavedModel, what it was converted to, and the report."""

    original: Path
    saved_model: Path
    report: TftrtReport


def request_for(
    model_dir: Path,
    output: Path,
    tftrt: TftrtCapability,
    precision: Precision,
    min_segment_size: int = 3,
) -> TftrtRequest:
    return TftrtRequest(
        saved_model=model_dir / "saved_model",
        output=output,
        precision=precision,
        capability=tftrt,
        batch_sizes=(1, 8),
        workspace_mib=512,
        min_segment_size=min_segment_size,
    )


def run_tftrt_python(
    tftrt: TftrtCapability, *arguments: str | Path
) -> subprocess.CompletedProcess[str]:
    assert tftrt.python is not None
    return subprocess.run(
        [tftrt.python, *arguments],
        env=os.environ | program_environment(),
        capture_output=True,
        text=True,
        check=False,
    )
