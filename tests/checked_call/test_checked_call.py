"""A call is ended by what it computes, and nothing it does reaches what runs after it."""

import multiprocessing
import os
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

import checked_call
from checked_call import Call, Description, describe, perform

ENOUGH = 2_000_000  # rounds of a loop: some tenths of a second of CPU


def endless():
    while True:
        pass


def deaf():
    while True:
        try:
            while True:
                pass
        except BaseException:
            continue


def deaf_for_a_while():
    """Goes on after the limit, and gives a result in the end."""
    for _ in range(20):
        try:
            sum(range(ENOUGH))
            [None for _ in range(ENOUGH)]
        except BaseException:
            continue
    return 1


def waiting():
    time.sleep(60)


@pytest.mark.parametrize("probes", [[], ["steps"]], ids=["plain", "counted"])
@pytest.mark.parametrize("function", [endless, deaf, deaf_for_a_while])
def test_what_computes_for_too_long_is_ended(function, probes):
    perform(int, (), {}, 5.0, probes)  # what the first call imports does not count
    began = time.thread_time()
    done = perform(function, (), {}, 0.2, probes)
    assert done.out_of_time and done.error is None and not done.readings
    assert time.thread_time() - began < 1
    with pytest.raises(checked_call.OutOfTime, match=r"no result after 0\.20 seconds"):
        checked_call.limited(function, (), {}, 0.2)


def test_steps_in_a_thread_are_counted():
    def loop():
        for _ in range(1000):
            pass

    def hidden():
        thread = threading.Thread(target=loop)
        thread.start()
        thread.join()

    counted = [perform(f, (), {}, 5.0, ["steps"]).readings["steps"] for f in (loop, hidden)]
    assert 1000 < counted[0] < counted[1]
    assert threading.gettrace() is None


def test_steps_in_a_pool_of_threads_made_before_are_counted():
    def loop():
        for _ in range(1000):
            pass

    checked_call.watch_threads()
    try:
        with ThreadPoolExecutor(1) as pool:
            pool.submit(int).result()
            done = perform(lambda: pool.submit(loop).result(), (), {}, 5.0, ["steps"])
            alone = perform(loop, (), {}, 5.0, ["steps"]).readings["steps"]
    finally:
        threading.settrace(None)
    assert done.readings["steps"] > alone > 1000


def test_a_trace_is_taken_back_however_the_alarm_rings():
    # It rings at any moment, that of taking back included: once in sixty times, before.
    for _ in range(150):
        assert perform(endless, (), {}, 0.01, ["steps"]).out_of_time
        assert threading.gettrace() is None and sys.gettrace() is None


def test_what_waits_is_ended_by_the_clock_on_the_wall():
    began = time.monotonic()
    assert perform(waiting, (), {}, 0.2).out_of_time
    passed = time.monotonic() - began
    assert checked_call.wall_seconds(0.2) <= passed < 50  # of the 60 that it waits


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="needs one CPU for all")
def test_a_busy_machine_does_not_end_a_call():
    """Beside eight busy processes on one CPU the clock on the wall runs nine times as fast."""
    limit = 3 * _seconds(count)
    cpus = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(cpus)})
    busy = [multiprocessing.get_context("fork").Process(target=endless) for _ in range(8)]
    try:
        for process in busy:
            process.start()
        began = time.monotonic()
        done = perform(count, (), {}, limit, wall=600)
        passed = time.monotonic() - began
        assert not done.out_of_time and done.result == ENOUGH
        assert done.seconds < limit < passed
    finally:
        for process in busy:
            process.kill()
            process.join()
        os.sched_setaffinity(0, cpus)


def count():
    total = 0
    for _ in range(ENOUGH):
        total += 1
    return total


def _seconds(function):
    began = time.thread_time()
    function()
    return time.thread_time() - began


@pytest.mark.parametrize(
    ("probes", "rounds"), [([], 5 * ENOUGH), (["steps"], ENOUGH // 10)], ids=["plain", "counted"]
)
def test_an_import_is_not_interrupted(probes, rounds, tmp_path, monkeypatch):
    (tmp_path / "slow_module.py").write_text(
        f"total = 0\nfor _ in range({rounds}):\n    total += 1\n"
    )
    monkeypatch.syspath_prepend(tmp_path)

    def importing():
        import slow_module

        while True:
            slow_module.total += 1

    assert perform(importing, (), {}, 0.05, probes).out_of_time
    assert sys.modules["slow_module"].total >= rounds
    del sys.modules["slow_module"]


def test_an_alarm_of_the_callers_own_still_rings():
    import signal

    rang = []
    before = signal.signal(signal.SIGALRM, lambda *_: rang.append(True))
    others = signal.setitimer(signal.ITIMER_REAL, 0.3)
    try:
        perform(lambda: None, (), {}, 5)
        while not rang:
            time.sleep(0.01)
    finally:
        signal.signal(signal.SIGALRM, before)
        signal.setitimer(signal.ITIMER_REAL, *others)


def test_torch_is_not_imported_where_there_is_no_tensor():
    program = (
        "import sys, checked_call, numpy\n"
        "done = checked_call.perform(lambda x: x + 1, (numpy.ones(3),), {}, 5, ['aliases'])\n"
        "assert done.result.sum() == 6 and 'torch' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_imports_for_a_probe_do_not_count():
    program = (
        "import checked_call, torch\n"
        "done = checked_call.perform(lambda x: x + 1, (torch.ones(3),), {}, 5, ['torch'])\n"
        "assert done.readings == {'torch': ['add']} and done.seconds < 0.1, done\n"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


def test_a_function_of_another_process_is_asked_by_its_type_alone():
    class Elsewhere:
        def checked_call(self, args, kwargs, limit, probes):
            return Call(result=(args, kwargs, limit, probes))

    class Says:
        def __getattr__(self, name):
            return lambda *_: Call(result="a lie")

        def __call__(self):
            return "called"

    done = checked_call.call(Elsewhere(), [1], {"a": 2}, 3.0, ["steps"])
    assert done.result == ((1,), {"a": 2}, 3.0, ("steps",))
    assert checked_call.call(Says(), (), {}, 3.0).result == "called"


FIELDS = [
    None, 3, (), ("a",), (1, 2, 3), (("A",), None, None), ((), "x", "y"), ((None, "B"), "x", "y"),
    (("KeyboardInterrupt", "BaseException"), "x", ""), (("\0", "SystemExit"), "x" * 99999, ""),
]  # fmt: skip


@pytest.mark.parametrize("fields", FIELDS, ids=range(len(FIELDS)))
def test_whatever_arrives_as_an_exception_is_one(fields):
    problem = checked_call.raised_elsewhere(Description.received(fields))
    assert isinstance(problem, Exception) and len(str(problem)) <= 1000
    described = describe(problem)
    assert type(described.names) is tuple and described.names[0].isprintable()


def test_whatever_arrives_as_the_record_of_a_call_has_its_types():
    class Text(str):
        pass

    sent = {
        "result": 1, "error": "x", "args": [1], "kwargs": (), "readings": 3, "seconds": "long",
        "printed": Text("x"), "out_of_time": 1,
    }  # fmt: skip
    done = Call.received(sent)
    assert done == Call(result=1, error=Description(("Exception",)))
    assert Call.received({**sent, "seconds": float("nan")}).seconds == 0.0
    assert Call.received(Call(result=2, printed="said").fields()) == Call(result=2, printed="said")
    with pytest.raises(TypeError):
        Call.received([("result", 1)])


def test_an_exception_raised_elsewhere_is_caught_and_described_as_there():
    there = Description(("Mine", "KeyError", "LookupError"), "gone", "line 3, in f\n    x[0]")
    problem = checked_call.raised_elsewhere(there)
    with pytest.raises(KeyError, match="gone"):
        raise problem
    assert describe(problem) == there
    assert there.text == "line 3, in f\n    x[0]\nMine: gone"
