import pytest

from core.errors import FieldguideError
from core.export.tftrt.capability import TftrtCapability
from gui.export.export_tftrt_check import TftrtCheck
from gui.export.export_tftrt_controller import TftrtController
from gui.export.export_tftrt_settings import TftrtSettings
from gui.project.settings import Settings
from gui.widgets.banner import Banner

_NO_GPU = "There is no NVIDIA GPU here."


@pytest.fixture
def form(qtbot):
    form = TftrtSettings()
    qtbot.addWidget(form)
    return form


@pytest.fixture
def banner(qtbot):
    banner = Banner()
    qtbot.addWidget(banner)
    return banner


@pytest.fixture
def settings():
    return Settings()


@pytest.fixture
def connect(qtbot, form, banner, settings):
    made = []

    def connect_form(ask):
        check = TftrtCheck(ask)
        made.append((check, TftrtController(form, banner, settings, check)))
        return check

    yield connect_form
    for check, _controller in made:
        qtbot.waitUntil(lambda check=check: not check.is_busy)


def works(python, _control):
    return TftrtCapability(python=python, problems=(_NO_GPU,))


def fails(_python, _control):
    raise FieldguideError("The interpreter can't be run.")


def test_what_a_check_found_is_shown_and_the_button_works_again(qtbot, form, connect):
    connect(works)
    form.check.click()
    assert not form.check.isEnabled()
    qtbot.waitUntil(lambda: form.found() == _NO_GPU)
    assert form.check.isEnabled()


def test_a_check_that_fails_is_told_in_the_banner(qtbot, form, banner, connect):
    connect(fails)
    form.check.click()
    qtbot.waitUntil(lambda: "can't be run" in banner.text())
    assert form.found() == ""
    assert form.check.isEnabled()


def test_a_valid_python_is_remembered_and_another_is_not(form, settings, connect, tmp_path):
    connect(works)
    form.set_value("python", str(tmp_path / "python"))
    form.set_value("python", "python")
    assert settings.tftrt_python == tmp_path / "python"


def test_the_python_that_was_remembered_is_checked(qtbot, form, settings, connect, tmp_path):
    settings.tftrt_python = tmp_path / "python"
    asked = []
    check = connect(lambda python, control: asked.append(python) or works(python, control))
    form.check.click()
    qtbot.waitUntil(lambda: bool(asked) and not check.is_busy)
    assert asked == [tmp_path / "python"]
