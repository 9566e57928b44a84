"""macOS Finder: a Quick Action."""

import plistlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from core.file_managers.own_files import OwnFile
from core.file_managers.own_files_entry import OwnFilesEntry
from core.file_managers.program_command import ENTRY_TEXT
from core.file_managers.quoting import in_utf8, shell_words
from core.text import Text

_SHELL_ACTION = "/System/Library/Automator/Run Shell Script.action"
_AS_ARGUMENTS = 1


class FinderEntry(OwnFilesEntry):
    """A workflow in the user's Services, which Finder shows under Quick Actions."""

    name = "finder"
    title = Text("Finder (macOS)")
    hint = "If it doesn't show: System Settings, Privacy & Security, Extensions, Finder."

    def _files(self) -> Sequence[OwnFile]:
        bundle = Path.home() / "Library" / "Services" / f"{ENTRY_TEXT}.workflow" / "Contents"
        return (
            OwnFile(bundle / "Info.plist", plistlib.dumps(_info())),
            OwnFile(bundle / "document.wflow", plistlib.dumps(_workflow(self._command))),
        )


def _info() -> dict[str, Any]:
    return {
        "CFBundleName": ENTRY_TEXT,
        "CFBundleIdentifier": "fieldguide.classify",
        "CFBundleShortVersionString": "1.0",
        "NSServices": [
            {
                "NSMenuItem": {"default": ENTRY_TEXT},
                "NSMessage": "runWorkflowAsService",
                "NSSendFileTypes": ["public.image", "public.folder"],
                "NSRequiredContext": {"NSApplicationIdentifier": "com.apple.finder"},
            }
        ],
    }


def _workflow(command: tuple[str, ...]) -> dict[str, Any]:
    script = f'exec {shell_words(in_utf8(command))} "$@"'
    action = {
        "AMAccepts": {
            "Container": "List",
            "Optional": True,
            "Types": ["com.apple.cocoa.string"],
        },
        "AMProvides": {"Container": "List", "Types": ["com.apple.cocoa.string"]},
        "ActionBundlePath": _SHELL_ACTION,
        "ActionName": "Run Shell Script",
        "ActionParameters": {
            "COMMAND_STRING": script,
            "CheckedForUserDefaultShell": True,
            "inputMethod": _AS_ARGUMENTS,
            "shell": "/bin/sh",
            "source": "",
        },
        "BundleIdentifier": "com.apple.RunShellScript",
        "CFBundleVersion": "2.0.3",
        "Class Name": "RunShellScriptAction",
        "UUID": "5E0B3F0A-2F61-4C0B-9E52-0C1F5F1D6A01",
        "InputUUID": "5E0B3F0A-2F61-4C0B-9E52-0C1F5F1D6A02",
        "OutputUUID": "5E0B3F0A-2F61-4C0B-9E52-0C1F5F1D6A03",
    }
    return {
        "AMApplicationBuild": "523",
        "AMApplicationVersion": "2.10",
        "AMDocumentVersion": "2",
        "actions": [{"action": action, "isViewVisible": True}],
        "connectors": {},
        "workflowMetaData": {
            "serviceInputTypeIdentifier": "com.apple.Automator.fileSystemObject",
            "serviceApplicationBundleID": "com.apple.finder",
            "serviceOutputTypeIdentifier": "com.apple.Automator.nothing",
            "serviceProcessesInput": 0,
            "workflowTypeIdentifier": "com.apple.Automator.servicesMenu",
        },
    }
