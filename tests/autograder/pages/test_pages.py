"""No submission acts in the browser of whoever reads it, in formgrader or in feedback."""

import contextlib
import re

import pytest
from nbgrader.api import Gradebook

from autograder import testing as tiny
from tests.autograder.pages import corpus

ELEMENTS = [
    *("form", "input", "button", "textarea", "select", "iframe", "object", "embed", "script"),
    *("style", "link", "meta", "base", "dialog", "svg", "video", "audio", "template", "noscript"),
]
# What of a page comes from a submission, and what must not be found in it.
LOOK = """() => {
    const found = [];
    for (const box of document.querySelectorAll('.submitted')) {
        const edge = box.getBoundingClientRect();
        const shown = getComputedStyle(box);
        if (!shown.contain.includes('paint') && !shown.contain.includes('content'))
            found.push('a box that can be left');
        for (const one of box.querySelectorAll('*')) {
            const style = getComputedStyle(one);
            if (style.position !== 'static') found.push(one.outerHTML + ' is ' + style.position);
            if (one.id && !one.id.startsWith('answer--')) found.push('id ' + one.id);
            if (one.getAttribute('name')) found.push('name ' + one.getAttribute('name'));
            if (ELEMENTS.includes(one.localName)) found.push(one.localName);
            for (const {name} of one.attributes)
                if (name.startsWith('on') || name.startsWith('data-')) found.push(name);
            const href = one.getAttribute('href');
            if (href !== null && !/^(https?:\\/\\/[^\\/]|#answer--)/.test(href))
                found.push('href ' + href);
            const src = one.getAttribute('src');
            if (src !== null && !/^data:image\\/(png|jpeg|gif|webp|svg\\+xml);base64,/.test(src))
                found.push('src ' + src);
        }
    }
    return found;
}"""
LOOK = LOOK.replace("ELEMENTS", str(ELEMENTS))


@contextlib.contextmanager
def watched(chromium, graded):
    """A page of an instructor who is logged in, and a list of what it does that it should not."""
    base = graded.base
    context = chromium.new_context(extra_http_headers={"Authorization": f"token {graded.token}"})
    page = context.new_page()
    seen = []
    ours = (f"{base}/formgrader/static/", f"{base}/formgrader/submissions/")
    asked = (f"{base}/formgrader/api/grades?", f"{base}/formgrader/api/comments?")

    def requested(request):
        allowed = request.url.startswith((*ours, *asked, "data:", "file:"))
        if request.method != "GET" or not allowed:
            seen.append(f"{request.method} {request.url}")

    def failed(request):
        if request.failure in ("csp", "net::ERR_BLOCKED_BY_CSP"):  # nothing was sent
            seen[:] = [line for line in seen if line != f"{request.method} {request.url}"]

    page.on("request", requested)
    page.on("requestfailed", failed)
    page.on("dialog", lambda dialog: (seen.append(f"dialog {dialog.message}"), dialog.dismiss()))
    page.on("console", lambda line: line.type == "error" and seen.append(line.text))
    page.on("pageerror", lambda error: seen.append(str(error)))
    try:
        yield page, seen
    finally:
        context.close()


def formgrader(graded, name):
    return f"{graded.base}/formgrader/submissions/{graded.submissions[name]}/"


def feedback(graded, name):
    return (graded.course.root / "feedback" / name / tiny.NAME / f"{tiny.NAME}.html").as_uri()


@pytest.mark.parametrize("name", corpus.SUBMISSIONS)
def test_nothing_acts(graded, chromium, name):
    with watched(chromium, graded) as (page, seen):
        with page.expect_response("**/api/comments?*"):  # the last that the page's scripts ask for
            page.goto(formgrader(graded, name))
        assert page.locator(".submitted").count() >= 2
        assert page.evaluate(LOOK) == []
        page.goto(feedback(graded, name))
        assert page.locator(".submitted").count() >= 2
        assert page.evaluate(LOOK) == []
        assert page.locator("script").count() == 0
        assert seen == []


def test_nobody_got_a_mark_by_being_read(graded):
    with Gradebook(graded.course.db_url, "tiny") as gradebook:
        for name in corpus.SUBMISSIONS:
            found = gradebook.find_submission_notebook(tiny.NAME, tiny.NAME, name)
            assert all(grade.manual_score is None for grade in found.grades), name


SECOND_WALL = [
    '<img src=x onerror="@">',
    "<script>@</script>",
    f"<script src='{corpus.FETCHED}'></script>",
    "<script src='data.js'></script>",
    "<iframe srcdoc='<script>parent.eval(`@`)</script>'></iframe>",
    f"<img src='{corpus.FETCHED}.png'><img src='/logout'>",
    f"<p style='background-image:url({corpus.FETCHED})'>x</p>",
    f"<link rel=stylesheet href='{corpus.FETCHED}'><style>@import '{corpus.FETCHED}';</style>",
    f"<iframe src='{corpus.FETCHED}'></iframe><object data='{corpus.FETCHED}'></object>",
    f"<video src='{corpus.FETCHED}' autoplay></video><base href='{corpus.FETCHED}/'>",
    "<a id=run href='javascript:@'>x</a>",
    f"<form action='{corpus.FETCHED}'><button id=run>x</button></form>",
    "<style>@keyframes x{}</style><b style='animation:x 1ms' onanimationend='@'>x</b>",
]


@pytest.mark.parametrize("source", SECOND_WALL)
@pytest.mark.parametrize("shown", ["formgrader", "feedback"])
def test_what_gets_through_the_first_wall_is_stopped_by_the_second(graded, chromium, shown, source):
    """The very answer of the server, or the very page, with the attack put in uncleaned."""
    name = next(iter(corpus.SUBMISSIONS))
    url = (formgrader if shown == "formgrader" else feedback)(graded, name)
    box = '<div class="submitted">'

    def spoiled(route):
        if shown == "formgrader":
            answer = route.fetch()
            body, headers = answer.text(), answer.headers
        else:
            path = graded.course.root / "feedback" / name / tiny.NAME / f"{tiny.NAME}.html"
            body, headers = path.read_text(), {"content-type": "text/html"}
        assert box in body
        route.fulfill(body=body.replace(box, box + corpus.filled(source)), headers=headers)

    with watched(chromium, graded) as (page, seen):
        pattern = re.compile(r"/submissions/[^/]+/$|/feedback/.*html$")
        page.route(pattern, spoiled)
        page.goto(url)
        if "id=run" in source:
            page.evaluate("document.getElementById('run').click()")
        page.wait_for_timeout(300)
        assert page.title() != "1"
        done = [line for line in seen if re.match(r"dialog|PUT|POST|GET", line)]
        assert done == [], done
    test_nobody_got_a_mark_by_being_read(graded)


def test_a_file_that_was_handed_in_acts_for_nobody(graded, chromium):
    address = formgrader(graded, "with-files") + "evil.html"
    with watched(chromium, graded) as (page, seen):
        response = page.goto(address)
        assert response.ok and "look" in page.locator("body").inner_text()
        page.wait_for_timeout(300)
        assert not [line for line in seen if re.match(r"dialog|PUT|POST|GET", line)]


def test_what_an_honest_student_wrote_is_shown(graded, chromium):
    with watched(chromium, graded) as (page, seen):
        for url in (formgrader(graded, "honest"), feedback(graded, "honest")):
            page.goto(url)
            answer = page.locator(".submitted", has_text="My answer")
            answer.locator("math").nth(2).wait_for()
            heights = "all => all.map(one => one.getBoundingClientRect().height)"
            formulas = answer.locator("math").evaluate_all(heights)
            assert len(formulas) == 3 and min(formulas) > 5
            fraction = answer.locator("mfrac").evaluate_all(heights)
            assert fraction[0] > 1.5 * formulas[0]  # drawn as one, not in a line
            widths = "all => all.map(one => one.naturalWidth)"
            assert answer.locator("img").evaluate_all(widths)[:2] == [10, 10]
            assert answer.get_by_alt_text("the picture is missing").is_visible()
            assert answer.locator("td").count() == 2
            assert answer.locator("pre .k").count() == 1
            answer.get_by_role("link", name="above").click()
            page.wait_for_url("**#answer--My-answer")
            output = page.locator(".output_subarea .submitted")
            assert output.locator("math").count() == 1 and output.locator("b").count() == 1
            assert page.locator(".output_png img").evaluate_all(widths)[0] > 100
        assert seen == []


def test_formgrader_gives_marks_and_hides_names(graded, chromium):
    with watched(chromium, graded) as (page, seen):
        with page.expect_response("**/api/comments?*"):
            page.goto(formgrader(graded, "honest"))
        assert not page.get_by_text("honest", exact=True).is_visible()
        page.locator("span.name-hidden.glyphicon").click()
        assert page.get_by_text("honest", exact=True).is_visible()
        with page.expect_response(lambda answer: answer.request.method == "PUT") as answered:
            page.locator(".nbgrader_cell", has_text="My answer").locator(".full-credit").click()
        assert answered.value.ok
        assert [line.split()[0] for line in seen] == ["PUT"]
    with Gradebook(graded.course.db_url, "tiny") as gradebook:
        assert gradebook.find_grade("why", tiny.NAME, tiny.NAME, "honest").manual_score == 1


def test_whoever_marks_a_class_sees_no_names(graded, chromium):
    """nbgrader's own list of an answer's submissions, and the first of them."""
    with watched(chromium, graded) as (page, _):
        page.goto(f"{graded.base}/formgrader/gradebook/{tiny.NAME}/{tiny.NAME}")
        first = page.get_by_role("link", name="Submission #1", exact=True)
        first.wait_for()
        names = page.locator("a.name-shown:visible")
        assert names.count() == 0
        page.get_by_role("button", name="Show All Names").click()
        assert names.first.inner_text() in graded.submissions
        page.goto(page.url)
        first.click()
        page.get_by_text("Submission #1", exact=True).wait_for()
        shown = page.locator("body").inner_text()
        assert not [name for name in graded.submissions if "-" in name and name in shown]
