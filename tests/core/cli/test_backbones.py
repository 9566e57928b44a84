"""`fieldguide backbones`: what is on this computer."""

import json
from pathlib import Path

import pytest

from core.backbones.backbone import BackboneInfo, write_info
from core.backbones.store import imported_dir
from core.cli import backbones
from core.cli.main import main
from core.worker.events import BackboneImported, RequestFailed

MINE = BackboneInfo(
    name="mine",
    title="mine",
    handle="https://example.org/mine",
    family="",
    input_size=(32, 48),
    feature_dim=3,
    parameters=12,
)


def listed(capsys) -> list[dict]:
    assert main(["backbones", "list", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_is_a_line_a_backbone(capsys) -> None:
    assert listed(capsys) == [
        {
            "name": "efficientnet-lite0",
            "handle": "efficientnet-lite0",
            "family": "EfficientNet-Lite",
            "input_size": [224, 224],
            "feature_dim": 1280,
            "parameters": 3413024,
            "on_this_computer": True,
        }
    ]


def test_imported_ones_come_after_the_embedded(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    assert [line["name"] for line in listed(capsys)] == ["efficientnet-lite0", "mine"]
    assert listed(capsys)[1]["input_size"] == [32, 48]


def test_damaged_one_hides_no_other(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    (imported_dir() / "bad").mkdir()
    (imported_dir() / "bad" / "backbone.json").write_text("{")
    assert [line["name"] for line in listed(capsys)] == ["efficientnet-lite0", "mine"]


def test_plain_line_tells_size_and_features(capsys) -> None:
    assert main(["backbones", "list"]) == 0
    printed = capsys.readouterr().out
    expected = "efficientnet-lite0: 224×224 pixels, 1280 features, 3.4 million parameters\n"
    assert printed == expected


@pytest.fixture
def asked(monkeypatch) -> list:
    """What the worker is asked to import; it answers with `MINE`, or an error for `bad`."""
    requests = []

    class Worker:
        def events(self, request):
            requests.append(request)
            failed = RequestFailed("bad can't be\nused.", "Traceback ...")
            yield failed if request.handle == "bad" else BackboneImported(MINE)

    monkeypatch.setattr(backbones, "WorkerProcess", Worker)
    return requests


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        (["models/effnet.tar.gz"], "effnet"),
        (["models/effnet/"], "effnet"),
        (["https://example.org/effnet/feature-vector"], "feature-vector"),
        (["models/effnet", "--name", "mine"], "mine"),
    ],
    ids=str,
)
def test_name_is_the_last_part_or_as_asked(asked, arguments: list[str], name: str, capsys) -> None:
    assert main(["backbones", "import", *arguments]) == 0
    assert (asked[0].handle, asked[0].name) == (arguments[0], name)
    assert capsys.readouterr().out == "Imported. Use it with: --backbone mine\n"


def test_what_cant_be_imported_is_one_line(asked, capsys) -> None:
    assert main(["backbones", "import", "bad"]) == 1
    assert capsys.readouterr().err == "fieldguide: bad can't be\\nused.\n"
