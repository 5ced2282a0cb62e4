"""Something to move: a window slides over a picture, and its products and their sum follow."""

from __future__ import annotations

import ipywidgets as widgets
import numpy as np
from sklearn.datasets import load_digits

from course.convolution import figures, reference
from course.style import number_text, svg_grid

HALF_BRIGHT = np.repeat([[8.0, 8, 8, 0, 0, 0]], 6, axis=0)

IMAGES = {
    "half bright, 6 × 6": lambda: HALF_BRIGHT,
    "an X, 9 × 9": figures.cross_picture,
    "an O, 9 × 9": figures.ring_picture,
    "a written 3, 8 × 8": lambda: load_digits().images[3],
}
KERNELS = {
    "vertical edge": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "diagonal": [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "one pixel aside": [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
}


class Explorer(widgets.VBox):
    """Pick a picture and a kernel, move the window, change a weight, flip the kernel.

    Attributes:
        image, kernel: (H, W) and (3, 3), what is shown; the kernel as it is applied.
        output: (H - 2, W - 2), the whole result.
        row, column: the sliders of the window's place, from 0.
    """

    def __init__(self):
        self.picture = widgets.Dropdown(options=list(IMAGES), description="picture")
        self.preset = widgets.Dropdown(options=[*KERNELS, "your own"], description="kernel")
        self.flip = widgets.Checkbox(description="flip the kernel (convolution)", indent=False)
        place = {"min": 0, "max": 3, "continuous_update": True}
        self.row = widgets.IntSlider(description="row", **place)
        self.column = widgets.IntSlider(description="column", **place)
        self.row.add_class("window-row")
        self.column.add_class("window-column")
        self.weights = [
            widgets.FloatText(step=0.5, layout=widgets.Layout(width="4.5em")) for _ in range(9)
        ]
        for index, weight in enumerate(self.weights):
            weight.tooltip = f"weight in row {index // 3}, column {index % 3}"
            weight.observe(self._changed_weight, "value")
        self.view = widgets.HTML()
        self._filling = False

        self.picture.observe(self._changed_picture, "value")
        self.preset.observe(self._changed_preset, "value")
        for control in (self.row, self.column, self.flip):
            control.observe(self._draw, "value")
        self._changed_preset()
        self._changed_picture()
        grid = widgets.GridBox(
            self.weights, layout=widgets.Layout(grid_template_columns="repeat(3, 5em)")
        )
        controls = widgets.HBox(
            [
                widgets.VBox([self.picture, self.preset, self.flip]),
                grid,
                widgets.VBox([self.row, self.column]),
            ],
            layout=widgets.Layout(flex_flow="row wrap", grid_gap="1em"),
        )
        super().__init__([controls, self.view])
        self.add_class("convolution-explorer")

    @property
    def kernel(self) -> np.ndarray:
        written = np.array([weight.value for weight in self.weights]).reshape(3, 3)
        return written[::-1, ::-1] if self.flip.value else written

    def _changed_picture(self, _=None):
        self._filling = True  # a smaller picture moves the sliders, one after the other
        self.image = IMAGES[self.picture.value]()
        self.row.max, self.column.max = (size - 3 for size in self.image.shape)
        self._filling = False
        self._draw()

    def _changed_preset(self, _=None):
        if self.preset.value in KERNELS:
            self._filling = True
            for weight, value in zip(
                self.weights, np.ravel(KERNELS[self.preset.value]), strict=True
            ):
                weight.value = float(value)
            self._filling = False
            self._draw()

    def _changed_weight(self, _):
        if not self._filling:
            self.preset.value = "your own"
            self._draw()

    def _draw(self, _=None):
        if self._filling or not hasattr(self, "image"):
            return
        kernel = self.kernel
        self.output = reference.conv2d(self.image[None], kernel[None, None])[0]
        row, column = self.row.value, self.column.value
        products = self.image[row : row + 3, column : column + 3] * kernel
        at = f"row {row}, column {column}"
        total = number_text(self.output[row, column])
        terms = " + ".join(
            f"({text})" if text.startswith("−") else text
            for text in map(number_text, products.ravel())
        )
        title = "kernel, flipped" if self.flip.value else "kernel"
        parts = [
            (
                "picture",
                svg_grid(
                    self.image,
                    f"the picture, window at {at}",
                    name="image",
                    window=(row, column, 3, 3),
                ),
            ),
            ("⊙", ""),
            (title, svg_grid(kernel, title, name="kernel")),
            ("=", ""),
            ("products", svg_grid(products, f"products; they add up to {total}", name="products")),
            ("→", ""),
            (
                "output",
                svg_grid(
                    self.output,
                    f"the output, {total} at {at}",
                    name="output",
                    window=(row, column, 1, 1),
                ),
            ),
        ]
        boxes = "".join(
            f'<figure style="margin: 0"><figcaption>{title}</figcaption>{svg}</figure>'
            if svg
            else f'<span style="font-size: 1.6em; align-self: center">{title}</span>'
            for title, svg in parts
        )
        self.view.value = (
            '<div style="display: flex; flex-wrap: wrap; gap: .6em; align-items: flex-start">'
            f"{boxes}</div>"
            f'<p class="sum" aria-live="polite">output[{row}, {column}] = {terms} = '
            f"<b>{total}</b></p>"
        )


def explorer() -> Explorer:
    """The explorer, with the half-bright picture and the kernel for vertical edges."""
    return Explorer()
