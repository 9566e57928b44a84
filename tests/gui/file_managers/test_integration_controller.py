import threading
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QWidget

from core.errors import IntegrationError
from core.file_managers.entry import EntryState
from gui.file_managers.integration_controller import IntegrationController, IntegrationSource
from gui.file_managers.integration_rows import (
    IntegrationRow,
    install_entry,
    list_rows,
    remove_entry,
)

THUNAR = IntegrationRow(
    name="thunar",
    title="Thunar (Xfce)",
    is_present=True,
    state=EntryState.ABSENT,
    files="/home/me/uca.xml",
    problem="",
    hint="Start it anew.",
)
DOLPHIN = replace(THUNAR, name="dolphin", title="Dolphin (KDE)", is_present=False, hint="")
NEMO = replace(
    THUNAR, name="nemo", title="Nemo", state=EntryState.EDITED, problem="/a was changed."
)


class FakeCore:
    def __init__(self):
        self.rows = {row.name: row for row in (THUNAR, DOLPHIN, NEMO)}
        self.threads = []

    def list_rows(self):
        self.threads.append(threading.current_thread())
        return list(self.rows.values())

    def install(self, name):
        if self.rows[name].problem:
            raise IntegrationError(self.rows[name].problem)
        self.rows[name] = replace(self.rows[name], state=EntryState.INSTALLED)

    def remove(self, name):
        self.rows[name] = replace(self.rows[name], state=EntryState.ABSENT)


@pytest.fixture
def core():
    return FakeCore()


@pytest.fixture
def dialog(qtbot, core):
    window = QWidget()
    qtbot.addWidget(window)
    source = IntegrationSource(list_rows=core.list_rows, install=core.install, remove=core.remove)
    controller = IntegrationController(window, source, window)
    controller.open()
    qtbot.waitUntil(lambda: has_rows(controller.dialog) and controller._task is None)
    return controller.dialog


def has_rows(dialog):
    return bool(dialog._rows)


def test_entry_is_installed_and_removed_off_the_main_thread(qtbot, dialog, core):
    button = dialog.button("thunar")
    assert (button.text(), dialog.state_text("thunar")) == ("Install", "Not installed")
    assert button.accessibleName() == "Install in Thunar (Xfce)"
    button.click()
    qtbot.waitUntil(lambda: button.text() == "Remove" and button.isEnabled())
    assert dialog.state_text("thunar") == "Installed"
    assert dialog.banner.text() == "Thunar (Xfce): Start it anew."
    button.click()
    qtbot.waitUntil(lambda: button.text() == "Install" and button.isEnabled())
    assert threading.main_thread() not in core.threads


def test_what_is_not_here_gets_no_entry(dialog):
    assert not dialog.button("dolphin").isEnabled()
    assert dialog.state_text("dolphin") == "Not on this computer"


def test_entry_of_a_removed_file_manager_can_be_removed(qtbot, dialog, core):
    dialog.set_rows([replace(DOLPHIN, state=EntryState.INSTALLED), THUNAR, NEMO])
    assert dialog.button("dolphin").text() == "Remove"
    assert dialog.button("dolphin").isEnabled()


def test_what_is_in_the_way_is_named(qtbot, dialog):
    assert dialog.state_text("nemo") == "Modified outside Fieldguide"
    dialog.button("nemo").click()
    qtbot.waitUntil(lambda: dialog.banner.text() == "/a was changed.")
    qtbot.waitUntil(dialog.button("nemo").isEnabled)


def test_real_entries_are_changed(monkeypatch, tmp_path):
    monkeypatch.setenv("HOME", str(tmp_path))
    for name in ("XDG_CONFIG_HOME", "XDG_DATA_HOME"):
        monkeypatch.delenv(name, raising=False)

    def state():
        return next(row.state for row in list_rows() if row.name == "nemo")

    install_entry("nemo")
    assert state() is EntryState.INSTALLED
    remove_entry("nemo")
    assert state() is EntryState.ABSENT
