"""Adds a setting to `TrainConfig` alone, and prints what the command line and the form make of it.

A program of its own: the class is changed before anything else has imported it.
"""

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType

ADDED = """
    sharpness: float = setting(
        0.25,
        label="Sharpness",
        unit="fraction",
        explanation="Largest change of sharpness, as a fraction.",
        option_help="largest random change of sharpness, as a fraction",
        group=Group.FINE_TUNING,
        stage=Stage.FINE_TUNING,
        rule=_BELOW_1,
        is_kept=True,
        need=Need.GPU,
    )

    def __post_init__"""


def add_setting() -> None:
    """Import `core.settings.config` with one field more."""
    spec = importlib.util.find_spec("core.settings.config")
    source = Path(spec.origin).read_text(encoding="utf-8")
    changed = source.replace("\n    def __post_init__", ADDED)
    assert changed != source
    module = ModuleType(spec.name)
    sys.modules[spec.name] = module
    exec(compile(changed, spec.origin, "exec"), module.__dict__)


def seen() -> dict[str, object]:
    """What is seen of the setting in all places."""
    from PySide6.QtWidgets import QApplication

    import core.cli.run_display
    from core.cli.main import main
    from core.settings.config import TrainConfig
    from core.settings.presets import Preset, apply_preset
    from gui.train_settings.config_form import ConfigForm

    requests = []
    core.cli.run_display.follow_run = lambda request, **_others: requests.append(request) or 0
    main(["train", "pictures", "--sharpness", "0.5"])
    application = QApplication([])
    form = ConfigForm()
    row = form.rows["sharpness"]
    texts = [row.editor.accessibleName(), row.help(), row.editor.text()]
    row.editor.setText("0.75")
    typed = form.config().sharpness
    form.set_num_gpus(0)
    idle = row.help()
    form.rows["fine_tune"].editor.set_value(True)
    row.editor.setText("2")
    fault = form.fault
    form.deleteLater()
    application.processEvents()
    return {
        "option": requests[0].config.sharpness,
        "json": TrainConfig().to_json_dict()["sharpness"],
        "preset": apply_preset(Preset.QUICK, requests[0].config).sharpness,
        "texts": texts,
        "typed": typed,
        "idle": idle,
        "fault": fault,
    }


if __name__ == "__main__":
    add_setting()
    sys.stdout.write(json.dumps(seen()))
