import json

import pytest

from core.computer.computer_facts import ComputerFacts
from core.runs.run_computer import read_run_computer, write_run_computer

FACTS = ComputerFacts("Xeon", 4, None, (("A100", 80 << 30),), "Linux 6 x86")


def test_the_last_computer_of_a_run_is_known(tmp_path):
    write_run_computer(tmp_path, ComputerFacts("older", 1, 1, (), "x"))
    write_run_computer(tmp_path, FACTS)
    assert read_run_computer(tmp_path) == FACTS


@pytest.mark.parametrize(
    "content",
    [
        None,
        "",
        "[]",
        "7",
        '{"schema": 1}',
        json.dumps({"schema": 2, **FACTS.to_json_dict()}),
        json.dumps({"schema": 1, **FACTS.to_json_dict(), "gpus": [7]}),
    ],
)
def test_a_run_without_a_readable_record_tells_none(tmp_path, content):
    if content is not None:
        (tmp_path / "computer.json").write_text(content)
    assert read_run_computer(tmp_path) is None
