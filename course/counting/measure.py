"""Measure a torch net, on any device: parameters, outputs, bytes that autograd saves, operations.

The names are those of the NumPy-side reference; there a figure follows from the layers' sizes, here
torch is asked. `trace` turns a net into the reference's layers, `compare` puts both in one table.
"""

from __future__ import annotations

import contextlib

import torch
from torch import Tensor, nn
from torch.utils.flop_counter import FlopCounterMode

from course.counting import reference
from course.table import Table


def parameters(model: nn.Module) -> int:
    """Parameters of a net; one that two layers share counts once."""
    return sum(p.numel() for p in model.parameters())


def trace(model: nn.Module, x: Tensor) -> list[reference.Layer]:
    """Run a net without memory or arithmetic, on the meta device, and describe its layers.

    Args:
        model: any module; its innermost modules are the layers. What is computed between modules
            (`a + b` in a forward method) is not seen: make it a module, as `Add` here.
        x: a batch, or its shape. The net itself, its buffers and its mode stay as they are.

    Returns:
        A list of `reference.Layer`, in the order of the calls, for training.

    Raises:
        ValueError: a kind of layer that the reference has no rule for.
    """
    x = torch.empty(tuple(getattr(x, "shape", x)), dtype=_dtype(model, x), device="meta")
    calls = []
    with _watch(model, lambda *call: calls.append(call)), _training(model), torch.no_grad():
        _call(model, _state(model, lambda tensor: torch.empty_like(tensor, device="meta")), x)
    # `calls` keeps every tensor alive, so no two storages have one address.
    numbers = {_storage(x): 0}
    layers = []
    for name, module, inputs, output in calls:
        kind = type(module).__name__
        if kind not in reference.OPTIONS:
            raise ValueError(f"model must have layers that the reference knows, got {kind} {name}")
        read = [numbers.setdefault(_storage(t), len(numbers)) for t in inputs]
        written = numbers.setdefault(_storage(output), len(numbers))
        options = {key: getattr(module, key) for key in reference.OPTIONS[kind]}
        if "bias" in options:
            options["bias"] = module.bias is not None
        layers.append(
            reference.layer(
                name,
                kind,
                read,
                written,
                [tuple(t.shape) for t in inputs],
                tuple(output.shape),
                output.element_size(),
                **options,
            )
        )
    return layers


def outputs(model: nn.Module, x: Tensor) -> list[tuple[str, str, tuple[int, ...], int]]:
    """Measure what each innermost module gives, by forward hooks.

    Returns:
        A list of (name, kind, shape, bytes); 0 bytes where the output is a view of the input or
        was written over it.
    """
    found, kept, seen = [], [], set()

    def hook(name, module, inputs, output):
        for tensor in output if isinstance(output, tuple) else (output,):
            kept.append(tensor)
            new = _storage(tensor) not in {*seen, *map(_storage, inputs)}
            seen.add(_storage(tensor))
            size = tensor.untyped_storage().nbytes() if new else 0
            found.append((name, type(module).__name__, tuple(tensor.shape), size))

    with _watch(model, hook), torch.no_grad():
        _forward(model, x)
    return found


def output_bytes(model: nn.Module, x: Tensor) -> int:
    """Bytes of all innermost modules' outputs."""
    return sum(size for *_, size in outputs(model, x))


def saved(model: nn.Module, x: Tensor) -> list[tuple[tuple[int, ...], torch.dtype, int]]:
    """What autograd really keeps for the backward pass of `model(x)` in train mode.

    Each memory block once, however many operations keep it; parameters and buffers are left out,
    as they exist anyway. The model's running statistics and mode stay as they are.

    Returns:
        A list of (shape, dtype, bytes).
    """
    blocks = {}

    def pack(tensor):
        # The storage is kept: a freed one's address could come again.
        storage = tensor.untyped_storage()
        shape = tuple(tensor.shape)
        blocks.setdefault(_storage(tensor), (storage, shape, tensor.dtype, storage.nbytes()))
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(pack, lambda tensor: tensor), torch.enable_grad():
        # The result is held until the hooks have seen everything.
        _, state = _forward(model, x)
    own = {_storage(tensor) for tensor in state.values()}
    return [block[1:] for key, block in blocks.items() if key not in own]


def saved_bytes(model: nn.Module, x: Tensor) -> int:
    """Bytes that autograd keeps for the backward pass, the batch included."""
    return sum(size for *_, size in saved(model, x))


def flops(model: nn.Module, x: Tensor) -> int:
    """Floating-point operations of `model(x)` as torch.utils.flop_counter counts them.

    Convolutions and matrix products only; one multiply-add is two.
    """
    with FlopCounterMode(display=False) as counter, torch.no_grad():
        _forward(model, x)
    return counter.get_total_flops()


def multiply_adds(model: nn.Module, x: Tensor) -> int:
    """Half of `flops`."""
    return flops(model, x) // 2


def peak_memory(model: nn.Module, x: Tensor, optimizer: str = "momentum") -> int:
    """The most bytes allocated on a CUDA device during the second of two training steps.

    The first step makes the optimiser's state. The model's weights are changed by the two steps.

    Args:
        model: on a CUDA device, as x.
        x: a batch.
        optimizer: "sgd", "momentum" or "adam".

    Raises:
        ValueError: not on CUDA: other devices do not keep this count.
    """
    if x.device.type != "cuda":
        raise ValueError(f"x must be on a CUDA device to measure its memory, got {x.device}")
    steps = {
        "sgd": lambda p: torch.optim.SGD(p, lr=1e-6),
        "momentum": lambda p: torch.optim.SGD(p, lr=1e-6, momentum=0.9),
        "adam": lambda p: torch.optim.Adam(p, lr=1e-6),
    }
    if optimizer not in steps:
        raise ValueError(f"optimizer must be one of {list(steps)}, got {optimizer!r}")
    step = steps[optimizer](model.parameters())
    with _training(model):
        for _ in range(2):
            step.zero_grad()
            torch.cuda.synchronize(x.device)
            torch.cuda.reset_peak_memory_stats(x.device)
            result = model(x)
            sum(t.sum() for t in (result if isinstance(result, tuple) else (result,))).backward()
            step.step()
        torch.cuda.synchronize(x.device)
    return torch.cuda.max_memory_allocated(x.device)


def compare(model: nn.Module, x: Tensor) -> Table:
    """Put what the sizes predict beside what torch measures, with the cause of a difference.

    Args:
        model: any module.
        x: a batch on the model's device. On the meta device nothing is computed, and a net of any
            size is measured at once.

    Returns:
        A table: parameters, multiply-adds, bytes of all outputs, bytes saved, and, on CUDA, the
        memory of a training step with momentum. A prediction is "-" where a layer has no rule.
    """
    try:
        layers, problem = trace(model, x), ""
    except ValueError as error:
        layers, problem = None, str(error)
    rows = []
    for figure, function, arguments in (
        ("parameters", "parameters", ()),
        ("multiply-adds", "multiply_adds", (x,)),
        ("bytes of all outputs", "output_bytes", (x,)),
        ("bytes saved for backward", "saved_bytes", (x,)),
    ):
        predicted = getattr(reference, function)(layers) if layers else None
        measured = globals()[function](model, *arguments)
        rows.append(_row(figure, predicted, measured, problem or _why(figure, layers, x)))
    if x.device.type == "cuda":
        predicted = reference.training_memory(layers)["total"] if layers else None
        why = "gradients of activations, workspaces, and blocks of 512 bytes come on top"
        rows.append(_row("bytes of a training step", predicted, peak_memory(model, x), why))
    return Table(rows, caption=f"{type(model).__name__} on {tuple(x.shape)}, {x.device}")


def _row(figure, predicted, measured, why):
    difference = None if predicted is None else measured - predicted
    columns = ("figure", "predicted", "measured", "difference", "why")
    return dict(zip(columns, (figure, predicted, measured, difference, why), strict=True))


def _why(figure, layers, x):
    """What a figure is made of, or where the device makes it another one."""
    if figure == "bytes saved for backward":
        parts = reference.saved_by_reason(layers)
        text = ", ".join(f"{name} {size:,}" for name, size in parts.items())
        if x.device.type == "cuda" and "mask" in parts:
            text += "; CUDA keeps a dropout mask as 1 byte an element, not as numbers"
        return text
    if figure == "multiply-adds":
        return "convolutions and matrix products alone"
    if figure == "bytes of all outputs":
        return "autograd keeps only those that a gradient needs"
    return ""


def _forward(model, x):
    """Run the model in train mode on copies of its buffers; give the result and the state used."""
    state = _state(model, lambda t: t if isinstance(t, torch.nn.Parameter) else t.clone())
    devices = [x.device] if x.device.type == "cuda" else []
    # Dropout must not move the caller's random numbers.
    with _training(model), torch.random.fork_rng(devices):
        return _call(model, state, x), state


def _state(model, change):
    """{name: change(tensor)} of all parameters and buffers; one that is shared is changed once."""
    changed, state = {}, {}
    for prefix, module in model.named_modules():
        own = [*module.named_parameters(recurse=False), *module.named_buffers(recurse=False)]
        for name, tensor in own:
            if id(tensor) not in changed:
                changed[id(tensor)] = change(tensor)
            state[f"{prefix}.{name}" if prefix else name] = changed[id(tensor)]
    return state


def _call(model, state, x):
    # `_state` ties what is tied; torch's own tying does not give a module that is used under two
    # names its parameters back.
    return torch.func.functional_call(model, state, (x,), tie_weights=False)


@contextlib.contextmanager
def _training(model):
    """Train mode for a while; each module gets its own mode back."""
    modes = {module: module.training for module in model.modules()}
    model.train()
    try:
        yield
    finally:
        for module, mode in modes.items():
            module.training = mode


@contextlib.contextmanager
def _watch(model, hook):
    """Call hook(name, module, inputs, output) after each innermost module."""

    def bind(name):
        return lambda module, inputs, output: hook(name, module, inputs, output)

    handles = [
        module.register_forward_hook(bind(name or type(module).__name__))
        for name, module in model.named_modules()
        if not any(module.children())
    ]
    try:
        yield
    finally:
        for handle in handles:
            handle.remove()


def _storage(tensor):
    return tensor.untyped_storage()._cdata


def _dtype(model, x):
    if isinstance(x, torch.Tensor):
        return x.dtype
    return next((p.dtype for p in model.parameters()), torch.get_default_dtype())
