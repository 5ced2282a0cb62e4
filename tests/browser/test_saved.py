"""A page saved from a notebook, opened without a kernel and without a network."""

import nbformat
import pytest
from nbclient import NotebookClient
from nbconvert import HTMLExporter

from tests.conftest import ROOT

from .hand import touch, windows

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

TOPICS = sorted(path.parent.name for path in ROOT.glob("course/*/explorer.py"))


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    """The page of a notebook with every topic's explorer, with and without the widgets' state."""
    folder = tmp_path_factory.mktemp("saved")
    kept = ROOT / "benchmarks" / "results" / "transfer" / "results.csv"
    given = {"transfer": f"runs.read({str(kept)!r})"}
    cells = [
        nbformat.v4.new_code_cell(
            f"from course import runs\nfrom course.{topic} import explorer\n"
            f"explorer.explorer({given.get(topic, '')})"
        )
        for topic in TOPICS
    ]
    notebook = nbformat.v4.new_notebook(cells=cells)
    NotebookClient(notebook, timeout=600, startup_timeout=600, kernel_name="python3").execute()
    for name in ("with", "without"):
        page, _ = HTMLExporter().from_notebook_node(notebook)
        (folder / f"{name}.html").write_text(page)
        notebook.metadata.pop("widgets", None)
    return folder


@pytest.mark.parametrize("state", ["with", "without"])
def test_each_explorer_stands_there_and_answers_the_hand(chromium, pages, state):
    context = chromium.new_context(offline=True, viewport={"width": 1280, "height": 1000})
    page = context.new_page()
    errors = []
    page.on("pageerror", lambda error: "require" in str(error) or errors.append(str(error)))
    page.goto((pages / f"{state}.html").as_uri(), wait_until="domcontentloaded")
    found = page.locator(".explorer-saved")
    assert found.count() == len(TOPICS)
    for saved in found.all():
        grids = saved.locator(".grids")
        grids.wait_for()
        touch(grids)
    moved = page.locator("[id^=explorer-saved-convolution] .grids")
    moved.focus()
    for key in ["Home", *["ArrowUp"] * 6, "ArrowRight", "ArrowRight"]:
        page.keyboard.press(key)
    assert moved.locator(".said").inner_text().replace("−", "-").startswith("output[0, 2] =")
    assert len(set(windows(moved))) > 1
    page.screenshot(path=pages / f"{state}.png", full_page=True)
    assert not errors
    context.close()


# What ends beyond the right edge of the page, or is cut off inside of something narrower.
BEYOND = """explorer => [...explorer.querySelectorAll('*')].filter(part => {
    const box = part.getBoundingClientRect();
    const cut = part.scrollWidth > part.clientWidth + 2 && part.clientWidth
        && getComputedStyle(part).overflowX !== 'visible';
    return box.width && box.right > document.documentElement.clientWidth + 1 || cut;
}).map(part => part.outerHTML.slice(0, 80))"""


def test_no_explorer_is_wider_than_a_narrow_page(chromium, pages):
    context = chromium.new_context(offline=True, viewport={"width": 800, "height": 1000})
    page = context.new_page()
    page.goto((pages / "with.html").as_uri(), wait_until="domcontentloaded")
    for saved in page.locator(".explorer-saved").all():
        saved.locator(".grids").wait_for()
        assert not saved.evaluate(BEYOND)
    context.close()


def test_a_reader_without_scripts_sees_the_start(chromium, pages):
    context = chromium.new_context(offline=True, java_script_enabled=False)
    page = context.new_page()
    page.goto((pages / "without.html").as_uri(), wait_until="domcontentloaded")
    for saved in page.locator(".explorer-saved").all():
        assert saved.locator("svg").first.is_visible() or saved.locator(".note").inner_text()
    context.close()
