from pathlib import Path

import pytest

from core.cli.classify_arguments import WindowCall, window_call


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_without_the_option_no_window_is_wanted():
    assert window_call(["a.jpg"]) is None
    assert window_call(["--json", "a.jpg"]) is None


def test_paths_are_told_from_the_root(here):
    call = window_call(["--model", "runs/1", "--window", "a.jpg", "/b c.jpg"])
    assert call == WindowCall((here / "a.jpg", Path("/b c.jpg")), str(here / "runs/1"))


def test_a_file_may_be_called_like_the_option(here):
    assert window_call(["--", "--window"]) is None
    assert window_call(["--window", "--", "--window"]) == WindowCall((here / "--window",), "")


def test_imagenet_is_a_name_unless_there_is_such_a_folder(here):
    assert window_call(["--window", "a.jpg", "--model", "imagenet"]).model == "imagenet"
    (here / "imagenet").mkdir()
    assert window_call(["--window", "a.jpg", "--model", "imagenet"]).model == str(here / "imagenet")


@pytest.mark.parametrize("other", [["--json"], ["--csv", "t.csv"]], ids=str)
def test_a_window_and_output_are_not_both_to_be_had(other, capsys):
    with pytest.raises(SystemExit) as end:
        window_call(["a.jpg", "--window", *other])
    assert end.value.code == 2
    assert "not allowed with argument" in capsys.readouterr().err


def test_a_window_can_be_opened_without_images():
    assert window_call(["--window", "--"]) == WindowCall((), "")


@pytest.mark.parametrize(
    "other",
    [["--copy-to", "x"], ["--resume"], ["--sort", "name"], ["--unknown-below", "0"]],
    ids=str,
)
def test_what_is_for_tables_is_not_for_a_window(other, capsys):
    with pytest.raises(SystemExit) as end:
        window_call(["a.jpg", "--window", *other])
    assert end.value.code == 2
    assert f"{other[0]} can't be used with --window" in capsys.readouterr().err


@pytest.mark.parametrize("name", ["a.jpg", "07", "08.jpg_large"])
def test_an_image_is_never_taken_for_the_table_to_write(here, name, capsys):
    """As with `--csv *`, whose first file would be written over."""
    (here / name).write_bytes(b"\xff\xd8\xff\xe0")
    with pytest.raises(SystemExit) as end:
        window_call(["--csv", name, "b.jpg"])
    assert end.value.code == 2
    assert "so it is not overwritten" in capsys.readouterr().err
