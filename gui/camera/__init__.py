"""The camera on the page Classify. QtMultimedia is loaded on first use."""

from PySide6.QtCore import QLoggingCategory

# QtMultimedia warns about each optional library that is missing: VA-API decodes video faster on
# some graphics cards, PipeWire records screens.
QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver.warning=false")
