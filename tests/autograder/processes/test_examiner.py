"""Two processes for a submission: the same marks as in one, and the checks out of reach."""

import py_compile
import threading

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_notebook

from autograder import testing as tiny
from autograder.processes import examiner
from autograder.sandbox import provisioner, servers
from autograder.sandbox.limits import Limits
from autograder.submission import engine, outputs
from autograder.submission.job import Job, Status
from course import arguments
from tests.conftest import in_a_loop

pytestmark = pytest.mark.skipif(bool(tiny.needs_sandbox), reason="; ".join(tiny.needs_sandbox))


def student(source):
    return new_code_cell(source)


def locked(source):
    cell = tiny.cell("locked", source)
    cell.metadata.nbgrader["locked"] = True
    return cell


def check(source, points=2):
    return tiny.cell("check", source, grade=True, points=points)


def run(*cells, seconds=4, total=600, **keywords):
    """The result, and the text of each cell's outputs."""
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    nb = new_notebook(cells=list(cells))
    limits = Limits(cell_seconds=seconds, grace_seconds=1, total_seconds=total)
    job = Job(nbformat.writes(nb).encode(), **{"limits": limits, "packages": (), **keywords})
    result = engine.run(job)
    cells = nbformat.reads(result.notebook.decode(), as_version=4).cells
    return result, [[_text(output) for output in cell.outputs] for cell in cells]


def _text(output):
    if output.output_type == "error":
        return f"{output.ename}: {output.evalue}"
    return output.get("text") or output.data.get("text/plain")


def test_a_name_is_looked_up_where_it_is():
    answer = student("def add(a, b): return a + b\nimport numpy as np\ndata = np.arange(3)")
    _, found = run(answer, check("float(add(*data[:2]) + add(1, 0))"))
    assert found[1] == ["2.0"]


@pytest.mark.parametrize(
    "source, expected",
    [
        ("assert f() == 1", "NameError: name 'f' is not defined"),
        ("x = [y for y in range(3)]\nsum(x) / 3", "1.0"),
        ("def inner(): return data\nlen(inner())", "2.0"),
        ("class A:\n    size = len(data)\nA.size", "2.0"),
        ("count += 1\ncount", "1.0"),
        ("try:\n    boom()\nexcept LookupError as e: print('caught', e)", "caught 'key'\n"),
        ("boom()", "MyError: 'key'"),
        ("stop()", "SystemExit: 3"),
        ("import sys; print(sys.path[-1])", "/submission\n"),
        ("1 +", "SyntaxError: invalid syntax"),
    ],
)
def test_cells(source, expected):
    answer = "data, count = [1, 2], 0\nclass MyError(KeyError): pass\n"
    answer += "def boom(): raise MyError('key')\ndef stop(): raise SystemExit(3)"
    _, found = run(student(answer), check(source))
    assert found[1][0].startswith(expected)


def test_what_a_locked_cell_defines_is_the_instructors():
    spoiled = student(
        "helper = lambda: 'mine'\nsum = max = len = abs = lambda *_: 2\nnp = math = 3"
    )
    asked = check("print(helper(), sum([1]), max([0, 1]), np.allclose(1, 2), math.pi > 3)")
    _, found = run(locked("def helper(): return 'theirs'"), spoiled, asked)
    assert found[2] == ["theirs 1 1 False True\n"]


def test_a_locked_cell_that_fails_lends_no_name_to_the_student():
    result, found = run(
        locked("import nowhere as checks"),
        student("class checks:\n    def f(self): return 2"),
        check("checks().f()"),
    )
    assert found[2] == ["NameError: name 'checks' is not defined"]
    assert result.status is Status.CHECK_FAILED and "locked cell 1" in result.detail


def test_the_place_of_a_locked_cell_is_no_way_in():
    spoiled = student("class checks:\n    def f(self): return 2\ndef helper(): return 2\nx = 1")
    asked = check("def helper(): return 0\nprint(x)\nx = 0")
    _, found = run(spoiled, check("checks().f()"), check("helper()"), asked, locked("checks = 1"))
    assert found[1] == ["NameError: name 'checks' is not defined"]
    assert found[2] == ["NameError: name 'helper' is not defined"]
    assert found[3] == ["1\n"]


def test_a_locked_cell_may_fail_by_what_the_student_wrote():
    result, found = run(student("def f(): 1 / 0"), locked("shown = f()"), check("1"))
    assert found[1][0].startswith("ZeroDivisionError") and found[2] == ["1.0"]
    assert result.status is Status.GRADED


def test_a_locked_cell_that_uses_the_students_work_waits_for_it():
    slow = student("import time\ndef f():\n    time.sleep(1.5)\n    return [1, 2]")
    result, found = run(slow, locked("shown = f()\nlen(shown)"), check("len(shown)"), seconds=3)
    assert found[1:] == [["2"], ["2.0"]] and result.status is Status.GRADED


def test_a_locked_cell_runs_in_both():
    _, found = run(locked("step = 3"), student("step + 1"), check("step / 3"))
    assert found[1:] == [["4"], ["1.0"]]


def test_a_name_is_looked_up_anew_for_each_check():
    _, found = run(
        student("x = 1"),
        check("print(x)"),
        student("x = 2"),
        check("print(x)"),
        check("x = 5"),
        student("x"),
        check("print(x)"),
    )
    assert found == [[], ["1\n"], [], ["2\n"], [], ["2"], ["5\n"]]


MODULE = """
import torch

class Net(torch.nn.Module):
    def __init__(self, width):
        super().__init__()
        self.width, self.layer = width, torch.nn.Linear(width, 1, bias=False)

    def forward(self, x):
        return self.layer(x)

    def __len__(self): return 2
    def __getitem__(self, index): return [self.layer, self.width][index]
"""


def test_an_object_is_a_handle():
    asked = """
net = Net(3)
net.load_state_dict({"layer.weight": torch.tensor([[1.0, 2.0, 3.0]])})
print(net(torch.ones(2, 3)).tolist(), net.width, net.layer.weight.shape[1], net.training)
print([p.numel() for p in net.parameters()], list(net.state_dict()), net.eval().training)
print(len(net), net[1], net[0](torch.ones(3)).item(), [name for name, _ in net.named_parameters()])
net.width = 4
"""
    _, found = run(student(MODULE), check(asked))
    assert found[1][0].splitlines() == [
        "[[6.0], [6.0]] 3 3 True",
        "[3] ['layer.weight'] False",
        "2 3 6.0 ['layer.weight']",
    ]
    assert found[1][1].startswith("AttributeError: width")


def test_what_a_check_puts_out_is_kept():
    asked = """
import matplotlib.pyplot as plt
from IPython.display import HTML, display
print("said")
display(HTML("<b>bold</b>"))
plt.plot([1, 2]);
plt.show()
1.5
"""
    nb = new_notebook(cells=[check(asked)])
    cells = nbformat.reads(
        engine.run(Job(nbformat.writes(nb).encode(), packages=())).notebook.decode(), as_version=4
    ).cells
    kinds = [sorted(output.get("data", {})) for output in cells[0].outputs]
    assert kinds == [[], ["text/html", "text/plain"], ["image/png", "text/plain"], ["text/plain"]]
    assert cells[0].outputs[3].data["text/plain"] == "1.5"
    assert cells[0].execution_count == 1


def test_what_the_students_code_says_is_not_the_checks_output():
    answer = """
import sys
def f():
    print("2 of 2 points"); print("careful", file=sys.stderr)
    get_ipython().run_cell("2")
    return 1
"""
    result, found = run(student(answer), check("f()"))
    assert found[1] == ["1.0"] and result.status is Status.GRADED


@pytest.mark.parametrize("value", ["float('nan')", "float('inf')", "-1", "2.5"])
def test_what_is_no_mark_is_an_error_of_the_check(value):
    result, found = run(check(value), check("1"))
    assert result.status is Status.CHECK_FAILED
    assert "no mark between 0 and 2" in result.detail
    assert found[0][0].startswith("NoMark") and found[1] == ["1.0"]


JUNK = """
import os, socket
def f():
    for number in range(3, 100):
        try:
            end = socket.socket(fileno=os.dup(number))
            if end.family == socket.AF_UNIX and not end.getsockname() and not end.getpeername():
                end.send(b"junk" * 100)
        except OSError: pass
"""
DEATHS = {
    "exit": ("import os\ndef f(): os._exit(3)", "code 3", Status.DIED),
    "signal": ("import os\ndef f(): os.kill(os.getpid(), 9)", "signal 9", Status.DIED),
    "junk": (JUNK, "a message that is too large", Status.TAMPERED),
    "loop": (
        "import signal\ndef f():\n    for n in (14, 27): signal.signal(n, signal.SIG_IGN)\n"
        "    while True: pass",
        "did not answer",
        Status.TIMED_OUT,
    ),
    "memory": ("def f(): return bytearray(3 << 30)", "cell 3", Status.OUT_OF_MEMORY),
}


@pytest.mark.parametrize("name", DEATHS)
def test_one_crash_does_not_cost_all_marks(name):
    answer, word, status = DEATHS[name]
    result, found = run(
        student(answer), student("def g(): return 2"), check("f()"), check("g()"), student("g()"),
        check("f()"), check("g()"), seconds=2 if name == "loop" else 4,
    )  # fmt: skip
    assert result.status is status and word in result.detail
    assert found[3] == found[6] == ["2.0"] and found[4] == ["2"]
    assert "Error" in found[2][0] or "CandidateLost" in found[2][0]


def test_a_call_has_a_time_limit_and_the_next_check_runs():
    result, found = run(student("def f():\n    while True: pass\nx = 1"), check("f()"), check("x"))
    assert result.status is Status.TIMED_OUT
    assert found[1] == ["TimeoutError: no result after 2 seconds"] and found[2] == ["1.0"]


def test_a_check_that_loops_is_interrupted():
    result, found = run(check("while True: pass"), check("1"), seconds=1)
    assert result.status is Status.TIMED_OUT
    assert "KeyboardInterrupt" in found[0][0] and found[1] == ["1.0"]


def test_data_that_are_too_large():
    answer = student("import numpy as np\nx = np.zeros(10**7)\ndef f(): return x\ny = 1")
    _, found = run(answer, check("x"), check("f()"), check("y"))
    assert found[1:] == [["Unsendable: the array is too large to be sent"]] * 2 + [["1.0"]]


PREPARED = """
import torch
from course.checking import Task, case

def prepare(net, width):
    made = net(width)
    made.load_state_dict({"layer.weight": torch.arange(float(width))[None]})
    return made

checked = Task(
    "Net",
    lambda x, width: x @ torch.arange(float(width)).numpy()[:, None],
    cases=lambda draw: (case(draw.normal(4, width), width=width) for width in (2, 3)),
    lecture="05_residual",
    section="Blocks",
    torch=True,
    prepare=prepare,
)
checked(Net, points=2)
"""


@pytest.mark.parametrize(
    "answer, mark, says",
    [
        (MODULE + "torch.set_default_dtype(torch.float64)", "2.0", "all 2 visible cases pass"),
        (MODULE.replace("width, 1", "width, 2"), "0.0", "raised RuntimeError: Error(s) in loading"),
        (MODULE.replace("self.layer(x)", "None"), "0.0", "wrong type: None"),
        (
            MODULE.replace("self.layer(x)", "self.layer(x.neg_()).neg()")
            + "torch.set_default_dtype(torch.float64)",
            "0.0",
            "x is not what it was",
        ),
        ("def Net(width): raise NotImplementedError", "0.0", "not attempted yet"),
    ],
)
def test_a_class_to_check(answer, mark, says):
    cells = [student(answer), check(PREPARED)]
    _, two = run(*cells, packages=("course",), seconds=30)
    _, one = run(*cells, packages=("course",), seconds=30, examiner=False)
    assert two[1][-1] == one[1][-1] == mark
    assert says in two[1][0]
    assert two[1][0].splitlines()[:2] == one[1][0].splitlines()[:2]
    assert "autograder" not in two[1][0] and "self._link" not in two[1][0]


SUM = """
import numpy as np
from course.checking import Task, case

checked = Task(
    "total",
    lambda x, out: x.sum(),
    cases=lambda draw: [case(draw.normal(3), draw.normal(2))],
    lecture="01_convolution",
    section="Sums",
)
checked(total, points=2)
"""


@pytest.mark.parametrize(
    "answer, says",
    [
        ("x.sort()\n    return float(x.sum())", "the input was modified: x is not what it was"),
        ("out[0] = 1\n    return float(x.sum())", "the input was modified: out is not what it was"),
        ("print('said')\n    return 7.0", "Your function printed:\n  said"),
        ("return x", "wrong type: numpy.ndarray, expected a number"),
        ("return {'a': object()}", "wrong type: dict, expected a number"),
        ("return total", "wrong type: function, expected a number"),
        ("raise OSError(2, 'no such thing')", "raised FileNotFoundError: [Errno 2] no such thing"),
        ("while True: pass", "no result after 5 seconds"),
        ("return float(x.sum())", "all 1 visible cases pass"),
    ],
)
def test_a_report_says_the_same_of_another_process(answer, says):
    cells = [student(f"def total(x, out):\n    {answer}"), check(SUM)]
    _, two = run(*cells, packages=("course",), seconds=30)
    _, one = run(*cells, packages=("course",), seconds=30, examiner=False)
    assert two[1] == one[1]
    assert says in two[1][0]


def test_not_more_than_a_few_restarts():
    cells = [student("import os\ndef f(): os._exit(1)"), *[check("f()") for _ in range(12)]]
    result, found = run(*cells)
    assert result.status is Status.DIED
    assert found[-1][0].startswith("NotRun")


def test_the_examiner_ends():
    result, found = run(check("import os; os._exit(1)"), check("1"))
    assert result.status is Status.DIED and "examiner" in result.detail
    assert found[1][0].startswith("NotRun")


@pytest.mark.parametrize(
    "cells",
    [
        [student("x = 1"), check("import time; time.sleep(2)\nx")],
        [student("import time\ndef f():\n    time.sleep(2)\n    return 1"), check("f()")],
    ],
    ids=["examiner", "candidate"],
)
def test_the_server_is_killed_in_a_check(cells):
    run(check("1"))
    threading.Timer(1.0, servers.server(()).process.kill).start()
    result, found = run(*cells)
    assert result.status is Status.GRADED and found[1] == ["1.0"]


def test_in_a_running_loop():
    async def press():
        return run(student("def f(): return 2"), check("f()"))

    assert in_a_loop(press())[1][1] == ["2.0"]


def test_secrets_are_the_examiners_alone():
    look = "import os; sorted(name for name in os.environ if name in ('SEED', 'SHARED'))"
    result, found = run(
        student(look),
        check(f"print({look[11:]})"),
        variables={"SHARED": "1"},
        secrets={"SEED": "2"},
    )
    assert found[0] == ["['SHARED']"]
    assert result.secrets == {"SEED": "2"}
    assert "SEED" in found[1][0]


def test_files_of_the_student_are_not_the_examiners():
    look = "import os\nprint(sorted(os.listdir()))"
    files = {"data.csv": b"1", "opt_einsum.py": b"print('student')"}
    _, found = run(student(look), check(look), files=files, own_files=("data.csv",))
    assert found == [["['data.csv', 'opt_einsum.py']\n"], ["['data.csv']\n"]]


def test_silent_and_refused_modules():
    names = ("course.arguments", "course.device")
    _, found = run(
        student("from course.arguments import whatever\nwhatever(1)"),
        student("import course.device"),
        check("import course.device, course.arguments\ncallable(course.device.device) + 0"),
        packages=("course",),
        silent=names[:1],
        refused=names[1:],
    )
    assert found[0] == [] and "cannot be imported" in found[1][0] and found[2] == ["1.0"]


def test_what_is_compiled_meanwhile_of_a_silent_module_is_not_seen(monkeypatch):
    launch = provisioner.ForkProvisioner._launch

    def launch_and_compile(worker):
        launch(worker)
        py_compile.compile(arguments.__file__, doraise=True)

    monkeypatch.setattr(provisioner.ForkProvisioner, "_launch", launch_and_compile)
    look = "import course, os\nos.listdir(os.path.dirname(course.__file__) + '/__pycache__')"
    cells = (student(look), check("1"))
    _, found = run(*cells, packages=("course",), silent=("course.arguments",))
    assert found == [["[]"], ["1.0"]]


def test_what_a_check_loads_is_loaded_for_the_next_submissions():
    packages = ()
    run(student("def f(): return 1"), check("__import__('ipy' + 'widgets')\nf()"))
    assert "ipywidgets" in servers.shared(packages).libraries


def test_names_of_a_cell():
    source = "a = b\ndef f(c): return c + d\nfor e in [g for g in h]: print(i.j)\ndel k\nl += 1"
    read, bound, defined = examiner.global_names(source)
    assert read >= {"b", "d", "h", "i", "l", "print"} and not read & {"c", "j"}
    assert (bound, defined) == ({"a", "e", "f", "k", "l"}, {"f"})
    source = "import m.n as o\ndef f():\n    global p\n    p = q = 1\nclass g: pass"
    assert examiner.global_names(source) == (set(), {"f", "g", "o", "p"}, {"f", "g", "o"})


def test_what_lies_beside_can_be_imported_by_the_student_alone():
    files = {"helper.py": b"x = 2", "own.py": b"y = 1"}
    answer = student("import helper, own\ndef f(): return helper.x * own.y")
    look = check("import own\ntry:\n    import helper\nexcept ImportError: print('out')\nf()")
    _, found = run(answer, look, files=files, own_files=("own.py",))
    assert found[1] == ["out\n", "2.0"]


IN_A_THREAD = """
import threading, torch
def total(x, out):
    def work(): torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    thread = threading.Thread(target=work)
    thread.start(), thread.join()
    return float(x.sum())
"""
WITHOUT_MODES = """
import torch
from torch.utils._python_dispatch import _disable_current_modes
def total(x, out):
    with _disable_current_modes():
        torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    return float(x.sum())
"""


# By what can be imported: our modules, their classes, torch's own module of the profiler.
PATCHED = """
import contextlib, checked_call, torch
import autograder.processes.candidate as candidate
import checked_call.run as run
import torch.autograd.profiler as profiler

@contextlib.contextmanager
def silent(*_, **__):
    yield set()

class Nothing:
    def __init__(self, *_, **__): self.kineto_results = self
    def __enter__(self): return self
    def __exit__(self, *_): pass
    def events(self): return []

candidate.operations_of_all_threads = silent
candidate.Candidate._checked = lambda *_, **__: checked_call.Call().fields()
run.perform = candidate.perform = lambda *_, **__: checked_call.Call()
run._Steps = Nothing
profiler.profile = torch.profiler.profile = Nothing
profiler._enable_profiler = profiler._prepare_profiler = lambda *_, **__: None
def total(x, out):
    torch.nn.functional.conv2d(torch.ones(1, 1, 3, 3), torch.ones(1, 1, 2, 2))
    return float(x.sum())
"""


@pytest.mark.parametrize(
    "answer", [IN_A_THREAD, WITHOUT_MODES, PATCHED], ids=["thread", "modes", "patched"]
)
def test_no_thread_no_mode_and_no_patch_hides_the_librarys_layer(answer):
    source = SUM.replace('lecture="01', 'forbidden=["convolution"],\n    lecture="01')
    _, found = run(student(answer), check(source), packages=("course",), seconds=30)
    assert "the library's own layer was called" in found[1][0]


def test_a_longdouble_comes_over():
    answer = student("import numpy as np\ndef f(): return np.longdouble(1) / 3")
    _, found = run(answer, check("import numpy as np\nfloat(f() == np.longdouble(1) / 3)"))
    assert found[1] == ["1.0"]


def test_one_process_on_request():
    _, found = run(student("x = 1"), check("float(x)\nx = 2\n1"), student("x"), examiner=False)
    assert found[2] == ["2"]
    assert outputs.has_error(nbformat.v4.new_code_cell()) is False


USED = """
kept = squares
del squares
try:
    total(2)
except NameError:
    print("used")
finally:
    squares = kept
"""


def test_a_check_deletes_and_assigns_the_students_names_for_as_long_as_it_runs():
    stub = "RATE = 2\ndef squares(n): ...\ndef total(n): ..."
    answer = "RATE = 2\ndef squares(n): return RATE * n * n\ndef total(n): return squares(n) + 1"
    result, found = run(
        student(answer),
        check(USED),
        check("total(1)", 20),
        check("RATE = 10\ntotal(1)", 20),
        check("def change():\n    global RATE\n    RATE = 5\nchange()\ntotal(1)", 20),
        check("del squares", 20),
        check("RATE = lambda: 1\ntotal(1)", 20),
        check("print(RATE, total(1))"),
        answers=(stub,),
    )
    assert found[1] == ["used\n"] and found[2:6] == [["3.0"], ["11.0"], ["6.0"], []]
    assert "TypeError" in found[6][0] and "cannot be handed" in found[6][0]
    assert found[7] == ["2 3\n"]
    assert result.status is not Status.TAMPERED


def test_what_a_check_expects_stays_with_it():
    """A submission that has a name of the check's for it does not see the check's value."""
    spy = "expected = 0\ndef f(): return expected"
    check_of_f = "expected = 6 * 7\nassert f() == expected"
    _, found = run(student(spy), check(check_of_f), answers=("def f(): ...",))
    assert found[1] == ["AssertionError: "]
