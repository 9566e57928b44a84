"""An address that only a project or run names is not fetched from."""

import pytest

from core.backbones.catalogue import catalogue
from core.backbones.hub_download import downloads_dir
from core.backbones.strange_address import is_strange_address, refuse_strange_address
from core.errors import BackboneError
from core.messages.control import RunControl
from core.messages.requests import ResumeRequest
from core.settings.config import DEFAULT_BACKBONE, TrainConfig
from core.training.run import TrainingRun

ADDRESS = "https://example.org/a backbone"


@pytest.mark.parametrize(
    "handle",
    [
        ADDRESS,
        "http://192.168.0.1/x",
        "https://tfhub.dev/x/9",
        "https://www.kaggle.com/models/a/b/tensorFlow2/c/1",
        "a/b/tensorFlow2/c/1",
    ],
)
def test_unknown_addresses_are_strange(handle):
    assert is_strange_address(handle)
    with pytest.raises(BackboneError, match="download it with: fieldguide backbones import"):
        refuse_strange_address(handle, "The project")


@pytest.mark.parametrize(
    "handle", [DEFAULT_BACKBONE, "/some/folder", "archive.tar.gz", catalogue()[3].handle]
)
def test_what_needs_no_download_or_is_in_the_catalogue_is_not(handle):
    assert not is_strange_address(handle)
    refuse_strange_address(handle, "The project")


def test_an_address_that_was_used_before_is_known(monkeypatch, tmp_path):
    monkeypatch.setattr("core.backbones.hub_download._folder_name", lambda _handle: "known")
    (downloads_dir() / "known").mkdir(parents=True)
    (downloads_dir() / "known/saved_model.pb").touch()
    assert not is_strange_address(ADDRESS)


def test_a_resumed_run_downloads_nothing_from_one(tmp_path):
    sent = []
    run = TrainingRun(ResumeRequest(run_dir=tmp_path), sent.append, RunControl())
    with pytest.raises(BackboneError, match="The run uses the backbone https://example"):
        run._choose_backbone(TrainConfig(backbone=ADDRESS))
    assert sent == []
