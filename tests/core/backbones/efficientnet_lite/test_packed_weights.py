"""Weights in packages of their own: found without being imported, and missed clearly."""

import sys
import tomllib

import pytest

from core.backbones.backbone import read_info, write_info
from core.backbones.efficientnet_lite.packed_weights import (
    PACKED_WEIGHTS,
    PackedWeights,
    packed_weights,
)
from core.backbones.prepare import download_backbone, prepare_backbone
from core.backbones.store import (
    embedded_folder,
    imported_dir,
    list_backbones,
    remove_backbone,
    stored_backbones,
)
from core.cli.main import main
from core.errors import BackboneError
from tests.program import CHECKOUT

each = pytest.mark.parametrize("weights", PACKED_WEIGHTS, ids=lambda weights: weights.name)


@pytest.fixture
def without_packages(monkeypatch) -> None:
    monkeypatch.setattr(PackedWeights, "find", lambda _self: None)


@each
def test_they_are_found_and_no_code_of_the_package_runs(weights: PackedWeights) -> None:
    assert weights.path().is_file()
    assert weights.package not in sys.modules
    assert packed_weights(weights.name) is weights


def test_others_have_none() -> None:
    assert packed_weights("efficientnet-lite0") is None
    assert packed_weights("nothing") is None


@each
def test_the_package_is_a_dependency_of_exactly_this_version(weights: PackedWeights) -> None:
    project = tomllib.loads((CHECKOUT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert f"{weights.distribution}==0.1.0" in project["dependencies"]


def test_fingerprints_are_the_same_on_every_computer() -> None:
    assert {weights.name: weights.fingerprint for weights in PACKED_WEIGHTS} == {
        "efficientnet-lite1": "59a7fb4dceca2700dfa71746b8eaefd178041bc94112d28c05bfe960e82dbfef",
        "efficientnet-lite2": "17bba688776d22f53c2d69e66555beb46b1f2842e13187981235fe42702b9b59",
    }


@each
def test_without_its_package_a_backbone_is_not_on_this_computer(
    without_packages, weights: PackedWeights
) -> None:
    assert [info.name for info in list_backbones()] == ["efficientnet-lite0"]
    assert [stored.info.name for stored in stored_backbones()] == ["efficientnet-lite0"]
    assert embedded_folder(weights.name) is None
    message = rf"weights of {weights.name} .*{weights.distribution}, which is missing.*choose an"
    for use in (prepare_backbone, download_backbone):
        with pytest.raises(BackboneError, match=message):
            use(weights.name)


@each
def test_it_needs_no_download_and_cant_be_removed(weights: PackedWeights, capsys) -> None:
    info = download_backbone(weights.name)
    assert (info.name, info.handle) == (weights.name, weights.name)
    with pytest.raises(BackboneError, match="came with the program"):
        remove_backbone(weights.name)
    assert main(["backbones", "list"]) == 0
    (line,) = [one for one in capsys.readouterr().out.splitlines() if one.startswith(weights.name)]
    assert "TF1" not in line
    assert "not downloaded" not in line


@each
def test_one_that_was_imported_under_its_name_before_stays_in_use(weights: PackedWeights) -> None:
    embedded = embedded_folder(weights.name)
    assert embedded is not None
    folder = imported_dir() / weights.name
    write_info(folder, read_info(embedded))
    assert embedded_folder(weights.name) is None
    (stored,) = [one for one in stored_backbones() if one.info.name == weights.name]
    assert not stored.is_embedded
    assert stored.size_bytes < 1000
    remove_backbone(weights.name)
    assert embedded_folder(weights.name) == embedded
