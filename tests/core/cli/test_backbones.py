"""`fieldguide backbones`: what is on this computer."""

import json
import shlex
from dataclasses import replace
from pathlib import Path

import pytest

from core.backbones.archive_hashes import check_hash, record_hash
from core.backbones.backbone import BackboneInfo, write_info
from core.backbones.catalogue import catalogue, find_entry
from core.backbones.store import imported_dir
from core.cli import run_display
from core.cli.main import main
from core.errors import BackboneError, WorkerCrashedError
from core.messages.events import (
    BackboneImported,
    Phase,
    PhaseProgressed,
    PhaseStarted,
    RequestCancelled,
    RequestFailed,
)
from core.storage.app_dirs import cache_dir

MINE = BackboneInfo(
    name="mine",
    title="mine",
    handle="https://example.org/mine",
    family="",
    input_size=(32, 48),
    feature_dim=3,
    parameters=12,
)

EMBEDDED = ["efficientnet-lite0", "efficientnet-lite1", "efficientnet-lite2"]


def listed(capsys) -> list[dict]:
    assert main(["backbones", "list", "--json"]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_json_is_a_line_a_backbone(capsys) -> None:
    line, *others = listed(capsys)
    assert [other["name"] for other in others] == EMBEDDED[1:]
    assert all(other["on_this_computer"] for other in others)
    published = {
        key: line.pop(key)
        for key in list(line)
        if key
        in (
            "title",
            "value_range",
            "multiply_adds",
            "imagenet_top1",
            "imagenet_top1_source",
            "license",
            "advice",
            "stages",
        )
    }
    assert (published["value_range"], published["imagenet_top1"]) == ([0.0, 1.0], 0.751)
    assert line == (
        {
            "name": "efficientnet-lite0",
            "handle": "efficientnet-lite0",
            "family": "EfficientNet-Lite",
            "input_size": [224, 224],
            "feature_dim": 1280,
            "parameters": 3413024,
            "on_this_computer": True,
        }
    )


def test_imported_ones_come_after_the_embedded(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    assert [line["name"] for line in listed(capsys)] == [*EMBEDDED, "mine"]
    assert listed(capsys)[3]["input_size"] == [32, 48]


def test_damaged_one_hides_no_other(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    (imported_dir() / "bad").mkdir()
    (imported_dir() / "bad" / "backbone.json").write_text("{")
    assert [line["name"] for line in listed(capsys)] == [*EMBEDDED, "mine"]


def test_plain_line_tells_size_and_features(capsys) -> None:
    assert main(["backbones", "list"]) == 0
    printed = capsys.readouterr().out
    expected = (
        "efficientnet-lite0: 224×224 pixels, 1280 features and 912 of earlier stages, "
        "3.4 million parameters, 75.1% on ImageNet\n"
        "efficientnet-lite1: 240×240 pixels, 1280 features and 912 of earlier stages, "
        "4.2 million parameters, 76.7% on ImageNet\n"
        "efficientnet-lite2: 260×260 pixels, 1280 features and 1008 of earlier stages, "
        "4.9 million parameters, 77.6% on ImageNet\n"
    )
    assert printed == expected


@pytest.fixture
def asked(monkeypatch) -> list:
    """What the worker is asked for; it answers with `MINE`, or not, for `bad` and `slow`."""
    requests = []

    class Worker:
        def events(self, request):
            requests.append(request)
            yield PhaseStarted(Phase.DOWNLOADING, 1000)
            yield PhaseProgressed(Phase.DOWNLOADING, 1000, 1000, 5.0)
            called = getattr(request, "handle", request.name)
            if called == "crash":
                raise WorkerCrashedError("The worker process was killed.", "Try again.")
            yield {
                "bad": RequestFailed("bad can't be\nused.", "Traceback ..."),
                "slow": RequestCancelled(),
            }.get(called, BackboneImported(MINE))

        def request_stop(self):
            pass

    monkeypatch.setattr(run_display, "WorkerProcess", Worker)
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
    assert capsys.readouterr().err.endswith("fieldguide: bad can't be\\nused.\n")


def test_range_and_size_are_passed_on(asked) -> None:
    arguments = ["--value-range=-1,1", "--input-size", "96x128"]
    assert main(["backbones", "import", "net", *arguments]) == 0
    assert (asked[0].value_range, asked[0].input_size) == ((-1.0, 1.0), (96, 128))
    assert main(["backbones", "import", "net", "--input-size", "160"]) == 0
    assert (asked[1].value_range, asked[1].input_size) == ((0.0, 1.0), (160, 160))


@pytest.mark.parametrize(
    "option", ["--value-range=1,0", "--value-range=1", "--input-size=0", "--input-size=ax2"]
)
def test_odd_range_or_size_is_a_wrong_call(asked, option: str, capsys) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["backbones", "import", "net", option])
    assert caught.value.code == 2
    assert option.partition("=")[2] in capsys.readouterr().err


def test_download_asks_for_each_and_says_how_to_use_it(asked, capsys) -> None:
    assert main(["backbones", "download", "inception-v3", "mobilenet-v2-100-224"]) == 0
    assert [request.name for request in asked] == ["inception-v3", "mobilenet-v2-100-224"]
    assert capsys.readouterr().out.count("Use it with: --backbone mine\n") == 2


@pytest.mark.parametrize(("name", "code"), [("bad", 1), ("crash", 1), ("slow", 130)])
def test_download_that_fails_ends_the_command(asked, name: str, code: int, capsys) -> None:
    assert main(["backbones", "download", name, "inception-v3"]) == code
    assert len(asked) == 1
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.splitlines()[-1].startswith("fieldguide: ")


def test_changed_archive_is_accepted_when_asked(asked) -> None:
    entry = find_entry("inception-v3")
    record_hash(entry.handle, "0" * 64)
    main(["backbones", "download", "inception-v3"])
    with pytest.raises(BackboneError, match="has changed"):
        check_hash(entry.handle, "1" * 64)
    main(["backbones", "download", "inception-v3", "--accept-changed"])
    check_hash(entry.handle, "1" * 64)


def test_how_to_accept_a_change_can_be_typed_as_it_is_told(asked) -> None:
    for handle in (find_entry("inception-v3").handle, "https://hub.example/a&b/1"):
        record_hash(handle, "0" * 64)
        with pytest.raises(BackboneError) as caught:
            check_hash(handle, "1" * 64)
        _, command = str(caught.value).split(": fieldguide ")
        assert main(shlex.split(command)) == 0
        check_hash(handle, "1" * 64)


def test_model_of_kaggle_is_imported_under_a_name_that_tells_something(asked) -> None:
    handle = "google/mobilenet-v2/tensorFlow2/100-224-feature-vector/2"
    page = f"https://www.kaggle.com/models/{handle}"
    for given in (handle, page):
        assert main(["backbones", "import", given]) == 0
    assert [(request.handle, request.name) for request in asked] == [
        (page, "mobilenet-v2-100-224-feature-vector")
    ] * 2


def test_all_is_the_catalogue(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    assert main(["backbones", "list", "--all", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(lines) == len(catalogue()) + 1
    assert [line["name"] for line in lines if line["on_this_computer"]] == [
        *EMBEDDED,
        "mine",
    ]


def test_family_narrows_and_a_wrong_one_names_them_all(capsys) -> None:
    assert main(["backbones", "list", "--all", "--family", "inception v3"]) == 0
    printed = capsys.readouterr().out.splitlines()
    assert len(printed) == 3
    assert all("299×299 pixels" in line and "not downloaded" in line for line in printed)
    assert main(["backbones", "list", "--all", "--family", "VGG"]) == 1
    assert "Families: BiT, EfficientNet" in capsys.readouterr().err


def test_remove(capsys, fieldguide_home: Path) -> None:
    write_info(imported_dir() / "mine", MINE)
    assert main(["backbones", "remove", "mine"]) == 0
    assert capsys.readouterr().out == "Removed mine.\n"
    assert main(["backbones", "remove", "efficientnet-lite0"]) == 1
    assert "came with the program" in capsys.readouterr().err


def test_caches_are_listed_and_cleared(capsys) -> None:
    (cache_dir() / "hub").mkdir(parents=True)
    (cache_dir() / "hub" / "archive").write_bytes(bytes(2_500_000))
    assert main(["backbones", "caches"]) == 0
    assert "2.5 MB  Downloads" in capsys.readouterr().out
    assert main(["backbones", "caches", "--clear", "downloads"]) == 0
    assert "0.0 MB  Downloads" in capsys.readouterr().out


def test_backbone_is_trusted_when_asked(asked) -> None:
    main(["backbones", "import", "net"])
    main(["backbones", "import", "net", "--trust"])
    main(["backbones", "download", "inception-v3", "--trust"])
    main(["backbones", "download", "inception-v3"])
    assert [request.trust for request in asked] == [False, True, True, False]


@pytest.mark.parametrize(
    ("stages", "expected"),
    [
        ((5, 2), ": 48×32 pixels, 3 features and 7 of earlier stages, "),
        ((), ": 48×32 pixels, 3 features and no earlier stages, "),
        (None, ": 48×32 pixels, 3 features, "),
    ],
)
def test_stages_are_listed_where_they_are_known(capsys, stages, expected) -> None:
    folder = imported_dir() / "mine"
    folder.mkdir(parents=True)
    write_info(folder, replace(MINE, stages=stages))
    [found] = [line for line in listed(capsys) if line["name"] == "mine"]
    assert found["stages"] == (None if stages is None else list(stages))
    assert main(["backbones", "list"]) == 0
    assert f"mine{expected}" in capsys.readouterr().out


def test_stages_of_what_is_not_here_are_not_known(capsys) -> None:
    assert main(["backbones", "list", "--all", "--json"]) == 0
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert all((line["stages"] is None) is not line["on_this_computer"] for line in lines)
