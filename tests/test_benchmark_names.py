"""`make bench ONLY=...` with a name that isn't there."""

import pytest

from tests.benchmarks.__main__ import main


def test_unknown_benchmark_is_answered_with_the_names_there_are(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["head", "heads"])
    printed = capsys.readouterr().out
    assert ended.value.code == 2
    assert "no benchmark heads." in printed
    assert "cold_classify" in printed
