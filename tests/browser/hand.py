"""A hand on grids, and what its movements cost: pointing, dragging and the arrow keys."""

import statistics

# On a machine that is as fast as SPIN_MS says.
HIGHLIGHT = 16  # ms, one frame of a screen: where only frames move
NUMBERS = 100  # ms: where numbers change
TRIES = 20  # of which one must be in time, for the machine may be busy

SPIN_MS = 9
SPIN = """() => [1, 2, 3, 4, 5].map(() => {
    const start = performance.now();
    let sum = 0;
    for (let i = 0; i < 1e6; i++) sum += Math.sqrt(i) % 7;
    return performance.now() - start + 0 * sum;
})"""


def assert_in_time(page, limit, measure, what):
    """One of some tries takes less than the limit, on a slow machine as many times more."""
    costs = []
    while len(costs) < TRIES:
        costs.append(measure())
        if costs[-1] < limit:
            return
        if costs[-1] < limit * statistics.median(page.evaluate(SPIN)) / SPIN_MS:
            return
    raise AssertionError(f"{what} took {', '.join(f'{cost:.1f}' for cost in costs)} ms")


# Point at every cell of a grid; the time of each, layout included, and what is framed elsewhere.
POINT = """svg => {
    const box = svg.getBoundingClientRect(), grids = svg.closest('.grids');
    const times = [], framed = [];
    for (const cell of svg.querySelectorAll('rect.cell')) {
        const at = cell.getBoundingClientRect();
        const [clientX, clientY] = [at.x + at.width / 2, at.y + at.height / 2];
        const start = performance.now();
        svg.dispatchEvent(new PointerEvent('pointermove', { clientX, clientY, bubbles: true }));
        grids.getBoundingClientRect();
        times.push(performance.now() - start);
        framed.push([...grids.querySelectorAll('path.pointed')]
            .filter(path => path.getAttribute('d')).length);
    }
    svg.dispatchEvent(new PointerEvent('pointerleave'));
    const left = [...grids.querySelectorAll('path.pointed')].some(path => path.getAttribute('d'));
    return { times, framed, left };
}"""


def point(svg):
    """Point at every cell of a grid: the median time in ms, and how many grids each cell frames."""
    found = svg.evaluate(POINT)
    assert not found["left"], "a frame stays when the pointer has left"
    return statistics.median(found["times"]), found["framed"]


def windows(grids):
    """All frames of the window, as they are drawn."""
    return grids.locator("path.window").evaluate_all("paths => paths.map(p => p.getAttribute('d'))")


def touch(grids):
    """Point at every grid, drag in the last one, walk by the keys; each must be seen in time."""
    for svg in grids.locator(".board svg").all():  # not the pictures that a note has
        assert min(point(svg)[1]) >= 1, "a cell that is pointed at must be framed"
        assert_in_time(grids.page, HIGHLIGHT, lambda svg=svg: point(svg)[0], "pointing at a cell")
    if len(set(filter(None, windows(grids)))) == 0:
        return  # nothing to move yet
    grids.focus()
    for key in ["Home", *["ArrowUp"] * 12]:
        grids.page.keyboard.press(key)
    start = windows(grids)
    grids.page.keyboard.press("ArrowDown")
    down = windows(grids)
    grids.page.keyboard.press("ArrowRight")
    assert len({str(start), str(down), str(windows(grids))}) >= 2, "the keys move nothing"
    assert_in_time(grids.page, HIGHLIGHT, lambda: min(grids.evaluate(WALK)), "a step of the window")
    places = grids.locator("svg:has(path.window[d])").last.locator("rect.cell")
    places.first.scroll_into_view_if_needed()
    box = places.first.bounding_box()
    mouse = grids.page.mouse
    mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    mouse.down()
    dragged = windows(grids)
    last = places.last.bounding_box()
    mouse.move(last["x"] + last["width"] / 2, last["y"] + last["height"] / 2, steps=4)
    mouse.up()
    assert windows(grids) != dragged or places.count() == 1, "dragging moves nothing"


# Walk a step to and fro by the keys; the time of each, layout included.
WALK = """grids => ['ArrowRight', 'ArrowLeft', 'ArrowDown', 'ArrowUp', 'ArrowDown'].map(key => {
    const start = performance.now();
    grids.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true }));
    grids.getBoundingClientRect();
    return performance.now() - start;
})"""

# From a key on a slider, or a choice from a list, to the moment that a grid has changed.
CHANGE = """(control, key) => new Promise((resolve, reject) => {
    const explorer = control.closest('.explorer');
    const start = performance.now();
    const seen = new MutationObserver(() => {
        seen.disconnect();
        resolve(performance.now() - start);
    });
    seen.observe(explorer.querySelector('.grids'), {
        subtree: true, childList: true, attributes: true, characterData: true,
    });
    setTimeout(() => reject(new Error('nothing changed within 60 s')), 60000);
    control.focus();
    if (control.tagName === 'SELECT') {
        control.selectedIndex = key === 'ArrowRight' ? 1 : 0;
        control.dispatchEvent(new Event('change', { bubbles: true }));
    } else {
        control.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true }));
    }
})"""
