"""What each file manager starts for files with odd names, by the rules that it itself follows."""

import json
import os
import plistlib
import re
import runpy
import subprocess
import sys
import types
from pathlib import Path

import pytest

from core.file_managers.desktop_menu import DesktopMenuEntry
from core.file_managers.dolphin import DolphinEntry
from core.file_managers.finder import FinderEntry
from core.file_managers.menu_action import CajaEntry, PcmanfmEntry
from core.file_managers.nautilus import NautilusEntry
from core.file_managers.nemo import NemoEntry
from core.file_managers.program_command import CLASSIFY_ARGUMENTS
from core.file_managers.quoting import in_utf8
from core.file_managers.thunar import ThunarEntry
from core.file_managers.uca import UcaFile
from tests.core.file_managers.conftest import glib_python

_GLIB = """
import json, os, sys
from gi.repository import Gio, GLib
request = json.load(sys.stdin)
paths = [os.fsencode(path) for path in request["paths"]]
if request["how"] == "launch":
    info = Gio.DesktopAppInfo.new_from_filename(request["value"])
    context = Gio.AppLaunchContext()
    assert info.launch([Gio.File.new_for_path(path) for path in request["paths"]], context)
    sys.exit()
keys = GLib.KeyFile()
keys.load_from_file(request["file"], GLib.KeyFileFlags.NONE)
json.dump(keys.get_string(*request["value"]), sys.stdout)
"""


def glib(request: dict) -> str:
    """Ask the real GLib, in the interpreter that has it."""
    code = "import gi; gi.require_version('Gio', '2.0')\n" + _GLIB
    done = subprocess.run(
        [glib_python(), "-c", code],
        input=json.dumps({"paths": [], **request}),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout


def key(path: Path, group: str, name: str) -> bytes:
    """A value as GLib reads it from a file of keys."""
    return os.fsencode(json.loads(glib({"how": "key", "file": str(path), "value": [group, name]})))


def g_shell_quote(path: bytes) -> bytes:
    return b"'" + path.replace(b"'", b"'\\''") + b"'"


def expand(command: bytes, files: bytes) -> bytes:
    """Replace field codes as all of them do: in one pass over what the file says."""
    return re.sub(rb"%(.)", lambda code: {b"F": files, b"%": b"%"}[code[1]], command)


def run_shell(line: bytes) -> None:
    subprocess.run([b"/bin/sh", b"-c", line], check=True)


def test_thunar(home, recorder, odd_paths):
    ThunarEntry(recorder.command).install()
    own = UcaFile.parse((home / ".config/Thunar/uca.xml").read_bytes()).own
    files = b" ".join(map(g_shell_quote, odd_paths))
    run_shell(expand(own["command"].encode(), files))
    assert recorder.files() == odd_paths


def test_nemo(home, recorder, odd_paths):
    NemoEntry(recorder.command).install()
    path = home / ".local/share/nemo/actions/fieldguide-classify.nemo_action"
    assert key(path, "Nemo Action", "Quote") == b"double"
    quoted = [b'"' + re.sub(rb'(["\\`$])', rb"\\\1", each) + b'"' for each in odd_paths]
    # A shell takes all of it as g_shell_parse_argv does.
    run_shell(expand(key(path, "Nemo Action", "Exec"), b" ".join(quoted)))
    assert recorder.files() == odd_paths


@pytest.mark.parametrize("entry", [PcmanfmEntry, CajaEntry])
def test_menu_actions(home, recorder, odd_paths, monkeypatch, entry):
    monkeypatch.setattr("core.file_managers.menu_action._reads_actions", lambda: True)
    entry(recorder.command).install()
    path = home / ".local/share/file-manager/actions/fieldguide-classify.desktop"
    command = key(path, "X-Action-Profile classify", "Exec")
    run_shell(expand(command, b" ".join(map(g_shell_quote, odd_paths))))
    assert recorder.files() == odd_paths


def test_dolphin(home, recorder, odd_paths):
    DolphinEntry(recorder.command).install()
    path = home / ".local/share/kio/servicemenus/fieldguide.desktop"
    assert os.access(path, os.X_OK)
    # KIO puts each name in as its KShell::quoteArg does, then splits like a shell.
    files = b" ".join(map(g_shell_quote, odd_paths))
    run_shell(expand(key(path, "Desktop Action classify", "Exec"), files))
    assert recorder.files() == odd_paths


def test_open_with(qtbot, home, recorder, odd_paths):
    DesktopMenuEntry(recorder.command).install()
    path = home / ".local/share/applications/fieldguide-classify.desktop"
    paths = list(map(os.fsdecode, odd_paths))
    glib({"how": "launch", "value": str(path), "paths": paths})
    qtbot.waitUntil(recorder.output.exists)
    assert recorder.files() == odd_paths


@pytest.mark.parametrize(
    ("entry", "script", "variable"),
    [
        (NautilusEntry, ".local/share/nautilus/scripts", "NAUTILUS"),
        (CajaEntry, ".config/caja/scripts", "CAJA"),
    ],
)
def test_scripts(home, recorder, odd_paths, entry, script, variable):
    entry(recorder.command).install()
    path = home / script / "Classify with Fieldguide"
    # Both programs take field codes out of the arguments, and no line of paths can be trusted.
    names = [re.sub(rb"%[a-zA-Z]", b"", each) for each in odd_paths]
    uris = "".join(f"{Path(os.fsdecode(each)).as_uri()}\n" for each in odd_paths)
    environment = os.environb | {
        f"{variable}_SCRIPT_SELECTED_FILE_PATHS".encode(): b"\n".join(odd_paths),
        f"{variable}_SCRIPT_SELECTED_URIS".encode(): (uris + "trash:///other.png\n").encode(),
    }
    subprocess.run([path, *names], cwd=odd_paths[-1], env=environment, check=True)
    assert recorder.files() == odd_paths


class FakeNautilusFile:
    def __init__(self, path: bytes) -> None:
        self.path = os.fsdecode(path)

    def get_location(self):
        return types.SimpleNamespace(get_path=lambda: self.path)

    def is_directory(self):
        return Path(self.path).is_dir()

    def get_mime_type(self):
        return "text/plain" if self.path.endswith(".txt") else "image/png"


class FakeMenuItem(types.SimpleNamespace):
    def connect(self, _signal, function, *arguments):
        self.activate = lambda: function(self, *arguments)


def test_nautilus_extension(home, recorder, odd_paths, monkeypatch):
    monkeypatch.setattr("core.file_managers.nautilus.loads_python_extensions", lambda: True)
    NautilusEntry(recorder.command).install()
    nautilus = types.SimpleNamespace(MenuProvider=type("Menu", (), {}), MenuItem=FakeMenuItem)
    objects = types.SimpleNamespace(GObject=type("GObject", (), {}))
    repository = types.SimpleNamespace(Nautilus=nautilus, GObject=objects)
    monkeypatch.setitem(sys.modules, "gi", types.SimpleNamespace(repository=repository))
    monkeypatch.setitem(sys.modules, "gi.repository", repository)
    path = home / ".local/share/nautilus-python/extensions/fieldguide.py"
    menu = runpy.run_path(str(path))["FieldguideMenu"]()
    files = list(map(FakeNautilusFile, odd_paths))
    assert menu.get_file_items([*files, FakeNautilusFile(b"/a.txt")]) == []
    [item] = menu.get_file_items(object(), files)
    assert item.label == "Classify with Fieldguide"
    item.activate()
    assert menu.started[0].wait() == 0
    assert recorder.files() == odd_paths


def test_finder(home, recorder, odd_paths):
    FinderEntry(recorder.command).install()
    bundle = home / "Library/Services/Classify with Fieldguide.workflow/Contents"
    [service] = plistlib.loads((bundle / "Info.plist").read_bytes())["NSServices"]
    assert service["NSMenuItem"] == {"default": "Classify with Fieldguide"}
    assert service["NSSendFileTypes"] == ["public.image", "public.folder"]
    workflow = plistlib.loads((bundle / "document.wflow").read_bytes())
    kind = workflow["workflowMetaData"]["workflowTypeIdentifier"]
    assert kind == "com.apple.Automator.servicesMenu"
    [action] = workflow["actions"]
    parameters = action["action"]["ActionParameters"]
    assert parameters["inputMethod"] == 1
    command = [parameters["shell"], "-c", parameters["COMMAND_STRING"], "-", *odd_paths]
    subprocess.run(command, check=True)
    assert recorder.files() == odd_paths


def test_program_whose_path_is_no_utf8_is_started_all_the_same(tmp_path, recorder):
    odd = os.fsdecode(bytes(tmp_path) + b"/\xff \\n'\n.")
    recorder.program.rename(odd)
    command = in_utf8((odd, *CLASSIFY_ARGUMENTS))
    "".join(command).encode()
    subprocess.run([*command, "a b"], check=True)
    assert recorder.files() == [b"a b"]
