import pytest

from core.errors import ModelError
from core.runs.last_model import last_model, remember_last_model


def make_model(folder):
    folder.mkdir(parents=True)
    (folder / "model.json").write_text("{}")
    return folder


@pytest.mark.parametrize(
    "name", ["plain", "a b", "line\nbreak\n", " ", "名前", "-x", "byte \udce9"]
)
def test_the_model_comes_back_whatever_its_name(tmp_path, name):
    folder = make_model(tmp_path / name)
    remember_last_model(folder)
    assert last_model() == folder


def test_the_last_of_two_is_the_one(tmp_path):
    for name in "ab":
        remember_last_model(make_model(tmp_path / name))
    assert last_model() == tmp_path / "b"


def test_a_relative_path_holds_from_anywhere(tmp_path, monkeypatch):
    make_model(tmp_path / "model")
    monkeypatch.chdir(tmp_path)
    remember_last_model((tmp_path / "model").relative_to(tmp_path))
    monkeypatch.chdir("/")
    assert last_model() == tmp_path / "model"


def test_nothing_trained_yet_says_what_to_do():
    with pytest.raises(ModelError, match=r"No model has been trained yet.*fieldguide train"):
        last_model()


def test_a_model_that_has_gone_is_named(tmp_path):
    folder = make_model(tmp_path / "model")
    remember_last_model(folder)
    (folder / "model.json").unlink()
    with pytest.raises(ModelError, match="no longer exists"):
        last_model()


def test_a_note_that_cannot_be_read_is_named(fieldguide_home):
    (fieldguide_home / "data" / "last-model.txt").mkdir(parents=True)
    with pytest.raises(ModelError, match=r"last-model\.txt can't be read"):
        last_model()
