"""The call itself: copies go in, what is printed is caught, what was changed is put back."""

from __future__ import annotations

import contextlib
import functools
import random
import sys
import threading
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np

from checked_call.exceptions import describe
from checked_call.limits import Alarm, OutOfTime, interruptible
from checked_call.nested import by_place, leaves, mapped
from checked_call.printing import captured
from checked_call.record import Call, lives_elsewhere

if TYPE_CHECKING:
    from torch import Tensor


def call(
    function: Callable, args: tuple, kwargs: dict, limit: float, probes: Sequence[str] = ()
) -> Call:
    """Call a function, here or wherever it lives; see `perform`."""
    if lives_elsewhere(function):
        return function.checked_call(tuple(args), dict(kwargs), limit, tuple(probes))
    return perform(function, args, kwargs, limit, probes)


def perform(
    function: Callable,
    args: tuple,
    kwargs: dict,
    limit: float,
    probes: Sequence[str] = (),
    wall: float | None = None,
) -> Call:
    """Call `function` with copies of the arguments and keep what it does from doing harm.

    Output is captured; NumPy's error state, random seeds and torch's defaults are put back.

    Args:
        limit, wall: as of `checked_call.limited`, in seconds.
        probes: of "aliases" (places of arguments that the result shares memory with), "steps"
            (executed byte codes), "torch" (names of the torch operations called) and
            "gradients" (of `weighted` the result, {place of an argument: its gradient, or None
            where there is none; of a container one of gradients}; and of a torch module,
            {"parameters": names of those that get none}) and "memory" (what two more calls, with
            other numbers and with the same, show: "" for nothing, "result" where they change the
            first result, "call" where the last gives another) and "views" (does one more call
            give the same where the numbers of NumPy's arrays do not lie behind one another in
            memory?).
    """
    torch = _torch()
    args, kwargs = mapped(_copy, tuple(args)), mapped(_copy, dict(kwargs))
    done, alarm = Call(args=args, kwargs=kwargs), Alarm(limit, wall)
    tensors = [
        value
        for value in leaves((args, kwargs))
        if _is_tensor(value, exactly=True) and value.is_floating_point()
    ]
    if "gradients" in probes:
        # Containers of their own: the function may take things out of those that it is given.
        places = mapped(lambda leaf: leaf, by_place(args, kwargs))
        for tensor in tensors:
            tensor.requires_grad_()
    operations, readings = None, {}
    with contextlib.ExitStack() as stack:
        stack.enter_context(_state_kept(torch))
        printed = stack.enter_context(captured())
        if "torch" in probes:
            operations = stack.enter_context(_operations()())
        began = time.thread_time()
        try:
            with alarm:
                _call_and_read(function, done, probes, alarm, readings)
                if "gradients" in probes:
                    readings["gradients"] = _gradients(function, done.result, tensors, places)
        except OutOfTime:
            pass
        except BaseException as error:
            done.error = describe(error)
        done.seconds = time.thread_time() - began
    done.out_of_time = alarm.rang
    done.printed = printed.text()
    if done.error is None and not done.out_of_time:
        if "aliases" in probes:
            readings["aliases"] = _aliases(done.result, args, kwargs)
        if "torch" in probes:
            readings["torch"] = sorted(operations.names)
        done.readings = {name: readings[name] for name in probes}
    for tensor in tensors:
        tensor.detach_()  # not requires_grad_(False): the function may have changed it in place
    return done


def _call_and_read(function, done, probes, alarm, readings) -> None:
    """Make the call, and those further ones that probes ask for."""
    args, kwargs = done.args, done.kwargs
    if "steps" in probes:
        with _Steps(alarm) as steps:
            done.result = function(*args, **kwargs)
        readings["steps"] = steps.count
    else:
        done.result = function(*args, **kwargs)
    if "memory" in probes:
        readings["memory"] = _memory(function, args, kwargs, done.result)
    if "views" in probes:
        spread = function(*mapped(_view, args), **mapped(_view, kwargs))
        readings["views"] = _equal(done.result, spread)


_counting: _Steps | None = None  # what counts steps at the moment


def watch_threads() -> None:
    """Have steps counted in those threads, too, that `threading` starts from now on.

    Else a pool of threads that is there before the call would not be counted. It makes calls of
    Python functions slower in all threads but the main one.
    """
    threading.settrace(_passed_on)


def _passed_on(frame, event, argument):
    counting = _counting
    return None if counting is None else counting._trace(frame, event, argument)


class _Steps:
    """Counts the executed byte codes, in the call's own thread and in those that it starts."""

    def __init__(self, alarm: Alarm):
        self.count, self.alarm = 0, alarm

    def __enter__(self):
        global _counting
        self.outer, _counting = _counting, self
        self.before = sys.gettrace(), threading.gettrace()
        sys.settrace(self._trace)
        threading.settrace(self._trace)  # for the threads that the call starts
        return self

    def __exit__(self, *_):
        global _counting
        _counting = self.outer
        own, of_new_threads = self.before
        sys.settrace(own)
        threading.settrace(of_new_threads)

    def _trace(self, frame, event, _):
        # It mostly rings in here, where it does not interrupt.
        if self.alarm.rang and interruptible(frame):
            raise OutOfTime(self.alarm.message)
        frame.f_trace_opcodes, frame.f_trace_lines = True, False
        self.count += event == "opcode"
        return self._trace


def _torch():
    """The module torch where something has imported it: without it there are no tensors."""
    return sys.modules.get("torch")


def _is_tensor(value, exactly: bool = False) -> bool:
    torch = _torch()
    if torch is None:
        return False
    return type(value) is torch.Tensor if exactly else isinstance(value, torch.Tensor)


@functools.cache
def _operations() -> type:
    """The context that notes the name of every torch operation in `names`."""
    from torch.utils._python_dispatch import TorchDispatchMode

    class Operations(TorchDispatchMode):
        def __init__(self):
            super().__init__()
            self.names = set()

        @classmethod
        def _should_skip_dynamo(cls) -> bool:
            """No: for it torch imports its compiler, 800 modules, which no call needs here."""
            return False

        def __torch_dispatch__(self, function, types, args=(), kwargs=None):
            self.names.add(function.overloadpacket.__name__)
            return function(*args, **(kwargs or {}))

    return Operations


@contextlib.contextmanager
def _state_kept(torch) -> Iterator[None]:
    """Put back what a function may change for all that runs after it."""
    errors, numpy_state, state = np.geterr(), np.random.get_state(), random.getstate()
    if torch is not None:
        torch_state, dtype = torch.random.get_rng_state(), torch.get_default_dtype()
        gradients = torch.is_grad_enabled()
    try:
        with warnings.catch_warnings():
            yield
    finally:
        np.seterr(**errors)
        np.random.set_state(numpy_state)
        random.setstate(state)
        if torch is not None:
            torch.random.set_rng_state(torch_state)
            torch.set_default_dtype(dtype)
            torch.set_grad_enabled(gradients)


def _copy(value):
    if isinstance(value, np.ndarray):
        return value.copy()
    return value.detach().clone() if _is_tensor(value) else value


def _view(value):
    """An array of the same numbers that is every second one of a larger array."""
    if not isinstance(value, np.ndarray) or not value.ndim:
        return _copy(value)
    view = np.ones((*value.shape, 2), value.dtype)[..., 0]
    view[...] = value
    return view


def _aliases(result, args, kwargs) -> list[int | str]:
    """The places of arguments that an array in the result shares memory with."""
    return [
        place
        for place, argument in (*enumerate(args), *kwargs.items())
        if any(
            _share_memory(given, returned)
            for given in leaves(argument)
            for returned in leaves(result)
        )
    ]


def _share_memory(given, returned) -> bool:
    if type(given) is np.ndarray and type(returned) is np.ndarray:
        return np.may_share_memory(given, returned)
    if _is_tensor(given, exactly=True) and _is_tensor(returned):
        if (
            given.layout != returned.layout
            or returned.device.type == "meta"
            or not returned.numel()
        ):
            return False
        return given.untyped_storage().data_ptr() == returned.untyped_storage().data_ptr()
    return False


def _memory(function, args, kwargs, result) -> str:
    before = mapped(_copy, result)
    function(*mapped(_other_numbers, args), **mapped(_other_numbers, kwargs))
    if not _equal(before, result):
        return "result"
    again = function(*mapped(_copy, args), **mapped(_copy, kwargs))
    return "" if _equal(before, again) else "call"


def _other_numbers(value):
    """An array of the same shape and dtype with other numbers; whole numbers may be places."""
    if not (isinstance(value, np.ndarray) or _is_tensor(value)):
        return value
    return 1 - _copy(value) if "float" in str(value.dtype) else _copy(value)


def _equal(first, second) -> bool:
    firsts, seconds = list(leaves(first)), list(leaves(second))
    return len(firsts) == len(seconds) and all(map(_equal_leaves, firsts, seconds))


def _equal_leaves(first, second) -> bool:
    if isinstance(first, np.ndarray) and isinstance(second, np.ndarray):
        return first.shape == second.shape and np.allclose(first, second, equal_nan=True)
    if _is_tensor(first) and _is_tensor(second):
        return first.shape == second.shape and bool(
            _torch().allclose(first, second, rtol=1e-4, atol=1e-6, equal_nan=True)
        )
    plain = (bool, int, float, str, np.generic)
    same = not isinstance(first, plain) or bool(first == second) or bool(first != first)  # both nan
    return type(first) is type(second) and same


def weighted(result: Tensor) -> Tensor:
    """The sum of a tensor's numbers, each with a weight of its own: what gradients are taken of."""
    torch = _torch()
    weights = torch.arange(1, result.numel() + 1, device=result.device, dtype=torch.float64).cos()
    return (result * weights.reshape(result.shape).to(result.dtype)).sum()


def _gradients(function, result, tensors: list[Tensor], places: dict) -> dict:
    torch = _torch()
    module = isinstance(function, torch.nn.Module)
    parameters = dict(function.named_parameters()) if module else {}
    parameters = {name: p for name, p in parameters.items() if p.requires_grad}
    found = [None] * (len(tensors) + len(parameters))
    if _is_tensor(result) and result.requires_grad:
        wanted = [*tensors, *parameters.values()]
        with torch.enable_grad():
            found = torch.autograd.grad(weighted(result), wanted, allow_unused=True)
    of = {id(tensor): gradient for tensor, gradient in zip(tensors, found, strict=False)}
    gradients = mapped(lambda leaf: of.get(id(leaf)), places)
    cut_off = [name for name, g in zip(parameters, found[len(tensors) :], strict=True) if g is None]
    return {**gradients, "parameters": cut_off} if module else gradients
