"""The camera on the page Classify. QtMultimedia is loaded when it is first opened."""

from PySide6.QtCore import QLoggingCategory

# QtMultimedia warns of each library that it looks for and can do without: VA-API decodes video
# faster on some graphics cards, PipeWire records screens.
QLoggingCategory.setFilterRules("qt.multimedia.symbolsresolver.warning=false")
