"""Something to move: a window slides over a picture, and its products and their sum follow."""

from __future__ import annotations

import ipywidgets
import numpy as np
from sklearn.datasets import load_digits

from course.convolution import figures, reference
from course.style import Cell, cells, limits, number_text
from course.widgets import Box, Explorer, Grid, Sign, View, by_place, column, row, windows

HALF_BRIGHT = np.repeat([[8.0, 8, 8, 0, 0, 0]], 6, axis=0)
STRIPES = np.zeros((3, 6, 6))
for _channel in range(3):
    STRIPES[_channel, :, 2 * _channel : 2 * _channel + 2] = 8

# Name: a function that gives (C, H, W).
IMAGES = {
    "half bright, 6 × 6": lambda: HALF_BRIGHT[None],
    "an X, 9 × 9": lambda: figures.cross_picture()[None],
    "an O, 9 × 9": lambda: figures.ring_picture()[None],
    "a written 3, 8 × 8": lambda: load_digits().images[3][None],
    "two channels: left bright, top bright": lambda: np.stack([HALF_BRIGHT, HALF_BRIGHT.T]),
    "three channels: a red, a green, a blue stripe": lambda: STRIPES,
}
# One (3, 3) for every channel.
KERNELS = {
    "vertical edge": [[1, 0, -1], [1, 0, -1], [1, 0, -1]],
    "horizontal edge": [[1, 1, 1], [0, 0, 0], [-1, -1, -1]],
    "diagonal": [[1, -1, -1], [-1, 1, -1], [-1, -1, 1]],
    "sharpen": [[0, -1, 0], [-1, 5, -1], [0, -1, 0]],
    "blur": [[1 / 9] * 3] * 3,
    "one pixel aside": [[0, 0, 0], [1, 0, 0], [0, 0, 0]],
}
DIFFERENCE, OWN = "first channel less the others", "your own"
PADDING = Cell("#dddddd", "0", "#555555")


class ConvolutionExplorer(Explorer):
    """Pick a picture and a kernel, move the window, change a weight, flip the kernel.

    Attributes:
        image: (C, H, W), without the padding.
        kernel: (C, 3, 3), as it is applied.
        output: (H_out, W_out), the whole result.
    """

    def __init__(self):
        wide = {"style": {"description_width": "4.5em"}, "layout": {"width": "25em"}}
        self.picture = ipywidgets.Dropdown(options=list(IMAGES), description="picture", **wide)
        self.preset = ipywidgets.Dropdown(
            options=[*KERNELS, DIFFERENCE, OWN], description="kernel", **wide
        )
        self.flip = ipywidgets.Checkbox(description="flip the kernel (convolution)", indent=False)
        self.stride, self.padding, self.dilation = (
            ipywidgets.IntSlider(
                value, value, highest, description=name, style={"description_width": "4.5em"}
            )
            for name, value, highest in [("stride", 1, 3), ("padding", 0, 2), ("dilation", 1, 2)]
        )
        self.channel = ipywidgets.Dropdown(
            options=[0], description="weights of channel", style={"description_width": "10em"}
        )
        self.channel.layout.width = "16em"
        self.weights = [
            ipywidgets.FloatText(step=0.5, layout=ipywidgets.Layout(width="4.5em"))
            for _ in range(9)
        ]
        for index, weight in enumerate(self.weights):
            weight.tooltip = f"weight in row {index // 3}, column {index % 3}"
            weight.observe(self._changed_weight, "value")
        self.written = np.zeros((1, 3, 3))
        self._held = True
        self._changed_picture()
        self.picture.observe(self._changed_picture, "value")
        self.preset.observe(self._changed_preset, "value")
        self.channel.observe(self._fill, "value")
        grid = ipywidgets.GridBox(
            self.weights, layout=ipywidgets.Layout(grid_template_columns="repeat(3, 5em)")
        )
        super().__init__(
            "convolution",
            [
                ipywidgets.VBox([self.picture, self.preset, self.flip]),
                ipywidgets.VBox([self.stride, self.padding, self.dilation]),
                ipywidgets.VBox([self.channel, grid]),
            ],
            watched=[self.flip, self.stride, self.padding, self.dilation],
        )

    @property
    def kernel(self) -> np.ndarray:
        return self.written[:, ::-1, ::-1] if self.flip.value else self.written

    def _changed_picture(self, _=None):
        self.image = IMAGES[self.picture.value]()
        self._changed_preset()

    def _changed_preset(self, _=None):
        """Write the chosen kernel for every channel; one's own stays where the channels fit."""
        count, name = len(self.image), self.preset.value
        if name in KERNELS:
            self.written = np.repeat(np.array([KERNELS[name]], dtype=float), count, axis=0)
        elif name == DIFFERENCE:
            self.written = np.zeros((count, 3, 3))
            self.written[:, 1, 1] = [1] + [-1] * (count - 1)
        else:
            self.written = np.resize(self.written, (count, 3, 3))
        with self.at_once():
            self.channel.options = list(range(count))
            self._fill()

    def _fill(self, _=None):
        """Show the weights of the chosen channel in the boxes."""
        with self.at_once():
            shown = self.written[self.channel.value]
            for weight, value in zip(self.weights, np.ravel(shown), strict=True):
                weight.value = float(value)

    def _changed_weight(self, _):
        if self._held:
            return
        self.written = self.written.copy()
        self.written[self.channel.value] = np.reshape([w.value for w in self.weights], (3, 3))
        with self.at_once():
            self.preset.value = OWN

    def view(self) -> View:
        s, p, d = self.stride.value, self.padding.value, self.dilation.value
        kernel = self.kernel
        self.output = reference.conv2d(self.image, kernel[None], None, s, p, d)[0]
        rows, columns = (windows(count, 3, s, d) for count in self.output.shape)
        padded = np.pad(self.image, ((0, 0), (p, p), (p, p)))
        # (I, J, C, 3, 3): every window's products.
        read = padded[:, np.array(rows)[:, None, :, None], np.array(columns)[None, :, None, :]]
        products = read.transpose(1, 2, 0, 3, 4) * kernel
        shared = limits(products, self.output)
        look = {"size": (28, 28)}  # so the start stands in one row on a page of 800 pixels
        lines = [
            self._channel(c, kernel[c], products[:, :, c], shared, look)
            for c in range(len(self.image))
        ]
        return View(
            row(
                column(*lines),
                Sign("→" if len(lines) == 1 else "Σ →"),
                Grid("output", "output", cells(self.output, limits=shared), role="places", **look),
            ),
            (rows, columns),
            [
                [self._sentence(i, j, products[i, j]) for j in range(len(columns))]
                for i in range(len(rows))
            ],
            label="a picture, a kernel, their products and the output; arrow keys move the window",
            on_place="{} reads {n} pixels" + (" of each channel" if len(lines) > 1 else ""),
        )

    def _channel(self, c, kernel, products, shared, look) -> Box:
        """One channel's row: its picture ⊙ its kernel = its products.

        Args:
            kernel: (3, 3).
            products: (I, J, 3, 3), of each window.
            shared: limits of the colours of products and output.
            look: what all grids are drawn with.
        """
        padding, channel = self.padding.value, f", channel {c}" if len(self.image) > 1 else ""
        grey = limits(self.image, scale="grey")
        return row(
            Grid(
                f"image image-{c}",
                f"picture{channel}",
                _framed(cells(self.image[c], scale="grey", limits=grey), padding),
                role="windows",
                offset=(padding, padding),
                **look,
            ),
            Sign("⊙"),
            Grid(
                f"kernel kernel-{c}",
                f"kernel{', flipped' * self.flip.value}{channel}",
                # Weights are smaller than products: in one scale they would be pale.
                cells(kernel, limits=limits(self.kernel)),
                role="kernel",
                **look,
            ),
            Sign("="),
            Grid(
                f"products products-{c}",
                f"products{channel}",
                cells(products[0, 0], limits=shared),
                by_place=by_place(products, limits=shared),
                **look,
            ),
        )

    def _sentence(self, i, j, products) -> str:
        """The sum written out; of several channels one sum each."""
        one = len(products) == 1
        terms = products.ravel() if one else products.sum((1, 2))
        texts = [f"({text})" if text.startswith("−") else text for text in map(number_text, terms)]
        about = "" if one else ", a sum for each channel"
        total = number_text(self.output[i, j])
        return f"output[{i}, {j}] = {' + '.join(texts)} = <b>{total}</b>{about}"


def _framed(inside: list[list[Cell]], padding: int) -> list[list[Cell]]:
    """A grid of cells with cells of padding around it."""
    line = [[PADDING] * (len(inside[0]) + 2 * padding)] * padding
    sides = [PADDING] * padding
    return [*line, *([*sides, *cells_, *sides] for cells_ in inside), *line]


def explorer() -> ConvolutionExplorer:
    """The explorer, with the half-bright picture and the kernel for vertical edges."""
    return ConvolutionExplorer()
