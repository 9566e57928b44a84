"""Verify a TF-TRT artifact: on the GPU, or without one all of it but its engines."""

from pathlib import Path
from typing import NamedTuple

from core.export.programs.environment import program_environment
from core.export.tftrt.capability import TftrtCapability, program_path
from core.text import Text

NOT_THE_ENGINES = Text(
    "There is no GPU for TF-TRT here: the converted graph was verified on the CPU, with TensorFlow "
    "in place of TensorRT's engines. Run run_tftrt.py on the machine with the GPU to verify the "
    "engines too."
)


class TftrtCheck(NamedTuple):
    """The program that runs a TF-TRT artifact here.

    Attributes:
        command: Interpreter and program; the arguments of `check_program.py` follow.
        environment: Variables that it needs.
        note: What it doesn't verify, a sentence; "" for nothing.
    """

    command: tuple[str, ...]
    environment: dict[str, str]
    note: str


def tftrt_check_command(capability: TftrtCapability, check_program: Path) -> TftrtCheck:
    """Choose the program that verifies an artifact on this computer.

    Args:
        check_program: Runs an artifact by its `predict.py`; used if there is a GPU. Without one,
            another program runs the graph, and measures no times.
    """
    assert capability.python is not None
    if capability.can_run:
        return TftrtCheck((str(capability.python), str(check_program)), program_environment(), "")
    program = str(program_path("graph_check_program.py"))
    return TftrtCheck((str(capability.python), program), program_environment(), NOT_THE_ENGINES)
