"""What the page beside an export to TensorFlow.js shows."""

import numpy as np
from numpy.typing import NDArray

from tests.chromium import Page

_SHOWN = """
    [...document.querySelectorAll("article")].reverse().map((article) =>
        [...article.querySelectorAll("li")]
            .sort((one, other) => one.dataset.index - other.dataset.index)
            .map((item) => Number(item.dataset.probability)))
"""


def shown_probabilities(page: Page, count: int) -> NDArray[np.float64]:
    """Wait for a number of pictures; return their probabilities by class, the oldest first."""
    page.wait_for(f"document.querySelectorAll('article[data-state]').length === {count}")
    return np.array(page.run(_SHOWN))
