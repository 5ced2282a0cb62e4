"""Checks a student's function: tries cases, says what came out, names the misunderstanding.

A topic's `checks.py` states what a right answer is, as one `Task` for each function:

    conv2d = Task(
        "conv2d",
        expected,                                # NumPy in and out, float64, by torch.nn.functional
        cases=cases,                             # a generator function of cases; see below
        lecture="01_convolution",
        section="The two-dimensional sum",       # linked by every failed check
        misunderstandings=[
            Misunderstanding(
                "a flipped kernel",              # "Your result is exactly what ... gives."
                "Deep-learning convolution is cross-correlation: do not flip.",
                "Flipping is not transposing",   # the section of the lecture that explains it
                lambda x, weight, **rest: expected(x, weight[..., ::-1, ::-1], **rest),
            ),
        ],
    )

    def cases(draw):
        yield case(draw.normal(2, 3, 7, 5), draw.normal(4, 3, 3, 2), stride=(2, 1))
        yield refuses(ValueError, draw.normal(2, 3, 7, 5), draw.normal(4, 5, 3, 2))

    checks.conv2d(conv2d, points=3)              # in the notebook: shows a report, gives the points

The visible cases come from one fixed seed, the hidden ones from others; where no case has an exact
zero, or none is in float32, one is made so. An oracle, right or wrong, is called with the arguments
by name, in float64, and returns arrays, numbers, or tuples, lists and dicts of them. Where a
misunderstanding has no result (its code would raise), its oracle raises or gives `None`.

A misunderstanding is named only where the evidence forces it: the student's results equal its
results on every case that gave one, and those of no other. So the visible cases must tell the
misunderstandings apart; `tests/answers` holds that for every topic. Where none is, `search` looks
for a change of the right answer, or two, that give the results, `places` says where wrong numbers
are and what is common to them, and `properties` what is common to the cases that fail.

All calls of a student's function go through `checked_call`: the function may live in another
process.
"""

from course.checking.cases import Case, Draw, case, refuses
from course.checking.judging import Verdict
from course.checking.mistakes import Misunderstanding, mistakes, pair, width_from_height
from course.checking.report import CheckFailed, Report
from course.checking.task import Task

__all__ = [
    "Case",
    "CheckFailed",
    "Draw",
    "Misunderstanding",
    "Report",
    "Task",
    "Verdict",
    "case",
    "mistakes",
    "pair",
    "refuses",
    "width_from_height",
]
