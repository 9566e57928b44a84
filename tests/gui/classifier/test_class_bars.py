from PySide6.QtGui import QColor

from gui.classifier.class_bars import ClassBars
from gui.look.theme import LIGHT, make_palette

CLASSES = [("tiger cat", 0.75), ("cat & dog", 0.2), ("cow", 0.05), ("mouse", 0.0)]


def test_answer_can_be_read_without_seeing_it(qtbot):
    bars = ClassBars(3)
    qtbot.addWidget(bars)
    bars.set_classes(CLASSES)
    assert bars.classes() == tuple(CLASSES[:3])
    assert bars.accessibleDescription() == "tiger cat 75.0%, cat & dog 20.0%, cow 5.0%"


def test_bars_are_as_long_as_the_probabilities(qtbot):
    bars = ClassBars(3)
    qtbot.addWidget(bars)
    bars.setPalette(make_palette(LIGHT))
    bars.resize(400, bars.sizeHint().height())
    bars.set_classes([("a", 0.5), ("b", 0.25)])
    image = bars.grab().toImage()

    def length(color):
        return max(
            sum(image.pixelColor(x, y) == QColor(color) for x in range(400))
            for y in range(image.height())
        )

    assert abs(length(LIGHT.accent) - 200) < 8
    assert abs(length(LIGHT.control_line) - 100) < 8


def test_space_is_kept_before_the_answer(qtbot):
    bars = ClassBars(3)
    qtbot.addWidget(bars)
    before = bars.sizeHint()
    bars.set_classes(CLASSES)
    assert bars.sizeHint() == before
