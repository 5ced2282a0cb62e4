"""Both twins of every function of classification, judged by torch, by scikit-learn and by hand."""

import inspect
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import confusion_matrix

from course.classification import gpu, reference

both = pytest.mark.parametrize("twin", [reference, gpu], ids=["reference", "gpu"])
some = settings(max_examples=40, deadline=None)
SHAPES = st.sampled_from([(1, 2), (4, 3), (3, 5, 2), (2, 4, 3, 5)])
REDUCTIONS = st.sampled_from(["mean", "sum", "none"])
SCALES = st.sampled_from([1.0, 30.0, 2000.0])
SEEDS = st.integers(0, 2**16)


def run(twin, name, *args, **kwargs):
    """Call one of the twins with NumPy arrays, and give NumPy arrays."""
    if twin is gpu:
        args = [torch.as_tensor(a) if isinstance(a, np.ndarray) else a for a in args]
    result = getattr(twin, name)(*args, **kwargs)
    parts = result if isinstance(result, tuple) else (result,)
    parts = [np.asarray(part) for part in parts]
    return parts if isinstance(result, tuple) else parts[0]


def scores(shape, scale, seed):
    rng = np.random.default_rng(seed)
    target = rng.integers(shape[1], size=(shape[0], *shape[2:]))
    return scale * rng.normal(size=shape), target


@both
@some
@given(SHAPES, SCALES, SEEDS)
def test_softmax_and_its_logarithm(twin, shape, scale, seed):
    z, _ = scores(shape, scale, seed)
    for name in ("softmax", "log_softmax"):
        for dim in (1, -1, 0):
            expected = getattr(F, name)(torch.tensor(z), dim).numpy()
            np.testing.assert_allclose(run(twin, name, z, dim), expected, rtol=1e-12, atol=1e-12)


@both
@some
@given(SHAPES, SCALES, SEEDS, REDUCTIONS, st.sampled_from([0.0, 0.1, 1.0]))
def test_cross_entropy_and_its_gradient(twin, shape, scale, seed, reduction, smoothing):
    z, t = scores(shape, scale, seed)
    options = {"reduction": reduction, "label_smoothing": smoothing}
    leaf = torch.tensor(z, requires_grad=True)
    expected = F.cross_entropy(leaf, torch.tensor(t), **options)
    got = run(twin, "cross_entropy", z, t, **options)
    np.testing.assert_allclose(got, expected.detach().numpy(), rtol=1e-12, atol=1e-10)

    grad = np.asarray(np.random.default_rng(seed + 1).normal(size=expected.shape))
    (wanted,) = torch.autograd.grad(expected, leaf, torch.tensor(grad))
    got = run(twin, "cross_entropy_backward", grad, z, t, **options)
    np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-10, atol=1e-12)
    np.testing.assert_allclose(got.sum(axis=1), 0, atol=1e-12)


@both
@some
@given(SHAPES, SCALES, SEEDS, REDUCTIONS)
def test_binary_cross_entropy_and_its_gradient(twin, shape, scale, seed, reduction):
    z, _ = scores(shape, scale, seed)
    t = np.random.default_rng(seed + 2).uniform(size=shape)
    leaf = torch.tensor(z, requires_grad=True)
    expected = F.binary_cross_entropy_with_logits(leaf, torch.tensor(t), reduction=reduction)
    got = run(twin, "binary_cross_entropy_with_logits", z, t, reduction=reduction)
    np.testing.assert_allclose(got, expected.detach().numpy(), rtol=1e-12)
    grad = np.asarray(np.random.default_rng(seed + 1).normal(size=expected.shape))
    (wanted,) = torch.autograd.grad(expected, leaf, torch.tensor(grad))
    name = "binary_cross_entropy_with_logits_backward"
    got = run(twin, name, grad, z, t, reduction=reduction)
    np.testing.assert_allclose(got, wanted.numpy(), rtol=1e-9, atol=1e-14)
    expected = torch.sigmoid(leaf).detach()
    # Of the smallest numbers a computer has, torch makes 0.
    np.testing.assert_allclose(run(twin, "sigmoid", z), expected, rtol=1e-12, atol=1e-300)


@both
def test_a_linear_layer_and_its_gradients(twin):
    rng = np.random.default_rng(0)
    x, weight, bias = rng.normal(size=(5, 3)), rng.normal(size=(4, 3)), rng.normal(size=4)
    leaves = [torch.tensor(a, requires_grad=True) for a in (x, weight, bias)]
    expected = F.linear(*leaves)
    np.testing.assert_allclose(run(twin, "linear", x, weight, bias), expected.detach())
    np.testing.assert_allclose(run(twin, "linear", x, weight), F.linear(*leaves[:2]).detach())
    grad = rng.normal(size=(5, 4))
    wanted = torch.autograd.grad(expected, leaves, torch.tensor(grad))
    for ours, theirs in zip(run(twin, "linear_backward", grad, x, weight), wanted, strict=True):
        np.testing.assert_allclose(ours, theirs)


def test_a_loss_of_a_thousand_is_a_thousand_and_float32_stays():
    z, t = np.array([[1000.0, 0.0]], dtype="float32"), np.array([1])
    loss = reference.cross_entropy(z, t)
    assert loss == 1000 and loss.dtype == np.float32
    assert reference.cross_entropy_backward(1.0, z, t).tolist() == [[1, -1]]
    assert reference.binary_cross_entropy_with_logits(np.array([-1000.0]), np.ones(1)) == 1000


def test_numbers_worked_by_hand():
    """Those of the lecture."""
    z = np.array([[0, math.log(3)]])
    np.testing.assert_allclose(reference.softmax(z, 1), [[0.25, 0.75]])
    assert round(float(reference.cross_entropy(z, np.array([1]))), 2) == 0.29
    assert round(float(reference.cross_entropy(z, np.array([0]))), 2) == 1.39
    gradient = reference.cross_entropy_backward(1.0, z, np.array([0]))
    np.testing.assert_allclose(gradient, [[-0.75, 0.75]])


@both
@pytest.mark.parametrize("momentum", [0.0, 0.9])
def test_a_step_is_that_of_torch_optim(twin, momentum):
    rng = np.random.default_rng(0)
    w, velocity = rng.normal(size=(3, 2)), None
    parameter = torch.nn.Parameter(torch.tensor(w))
    settings = {"lr": 0.1, "momentum": momentum, "weight_decay": 0.05}
    optimizer = torch.optim.SGD([parameter], **settings)
    for _ in range(4):
        grad = rng.normal(size=w.shape)
        parameter.grad = torch.tensor(grad)
        optimizer.step()
        w, velocity = run(twin, "sgd_step", w, grad, velocity, **settings)
        np.testing.assert_allclose(w, parameter.detach(), rtol=1e-12)


def test_clipping_is_that_of_torch():
    rng = np.random.default_rng(0)
    grads = [rng.normal(size=shape) for shape in [(3, 2), (4,)]]
    for bound in (0.5, 100.0):
        parameters = [torch.nn.Parameter(torch.zeros(g.shape).double()) for g in grads]
        for parameter, grad in zip(parameters, grads, strict=True):
            parameter.grad = torch.tensor(grad)
        expected = torch.nn.utils.clip_grad_norm_(parameters, bound)
        clipped, norm = reference.clip_grad_norm(grads, bound)
        np.testing.assert_allclose(norm, expected.item())
        for ours, parameter in zip(clipped, parameters, strict=True):
            np.testing.assert_allclose(ours, parameter.grad)


def test_schedules_are_those_of_torch():
    optimizer = torch.optim.SGD([torch.nn.Parameter(torch.zeros(1))], lr=0.4)
    schedules = [
        (
            torch.optim.lr_scheduler.MultiStepLR(optimizer, [3, 5]),
            lambda epoch: reference.step_lr(0.4, epoch, [3, 5]),
        ),
        (
            torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, 8),
            lambda epoch: reference.cosine_lr(0.4, epoch, 8),
        ),
    ]
    for schedule, ours in schedules:
        optimizer.param_groups[0]["lr"] = 0.4
        for epoch in range(8):
            assert math.isclose(ours(epoch), optimizer.param_groups[0]["lr"], rel_tol=1e-9)
            optimizer.step()
            schedule.step()


@pytest.mark.parametrize("shape", [(40, 30), (40, 30, 3), (40, 30, 3, 2)])
def test_first_weights_have_the_spread_of_torch(shape):
    rng = np.random.default_rng(0)
    weight = torch.empty(shape)
    fans = torch.nn.init._calculate_fan_in_and_fan_out(weight)
    assert reference.fan_in_and_fan_out(shape) == fans
    for nonlinearity in ("relu", "tanh", "linear", "sigmoid"):
        std = torch.nn.init.calculate_gain(nonlinearity) / math.sqrt(fans[0])
        drawn = reference.kaiming_normal(shape, nonlinearity, rng)
        assert abs(drawn.std() / std - 1) < 0.1 and abs(drawn.mean()) < 0.1 * std
        generator = torch.Generator().manual_seed(0)
        drawn = gpu.kaiming_normal_(weight, nonlinearity, generator)
        assert drawn is weight and abs(drawn.std() / std - 1) < 0.1
    bound = math.sqrt(6 / sum(fans))
    for drawn in (reference.xavier_uniform(shape, rng=rng), gpu.xavier_uniform_(weight).numpy()):
        assert np.abs(drawn).max() <= bound and np.abs(drawn).max() > 0.98 * bound
        assert abs(drawn.std() / (bound / math.sqrt(3)) - 1) < 0.1


@both
def test_dropout_keeps_the_mean_and_does_nothing_in_eval_mode(twin):
    x = np.ones((50, 400))
    y = run(twin, "dropout", x, 0.25)
    assert set(np.unique(y)) == {0, 1 / 0.75}
    assert abs(y.mean() - 1) < 0.03
    np.testing.assert_array_equal(run(twin, "dropout", x, 0.25, training=False), x)
    np.testing.assert_array_equal(run(twin, "dropout", x, 1.0), 0 * x)


@both
def test_the_confusion_matrix_is_that_of_scikit_learn(twin):
    target, said = np.random.default_rng(0).integers(4, size=(2, 50))
    expected = confusion_matrix(target, said, labels=range(5))
    np.testing.assert_array_equal(run(twin, "confusion_matrix", target, said, 5), expected)


def test_a_shifted_picture_loses_what_leaves_it():
    x = np.arange(12.0).reshape(1, 1, 3, 4)
    np.testing.assert_array_equal(reference.shift(x, 0, 0), x)
    np.testing.assert_array_equal(reference.shift(x, 9, 0), 0 * x)
    np.testing.assert_array_equal(
        reference.shift(x, 1, -2)[0, 0], [[0, 0, 0, 0], [2, 3, 0, 0], [6, 7, 0, 0]]
    )


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: reference.cross_entropy(np.ones((2, 3)), np.ones(2)), "integers"),
        (lambda: reference.cross_entropy(np.ones((2, 3)), np.array([0, 3])), "from 0 to 2"),
        (lambda: reference.cross_entropy(np.ones((2, 3)), np.zeros(3, int)), "shape"),
        (
            lambda: reference.cross_entropy(np.ones((2, 3)), np.zeros(2, int), reduction="median"),
            "none, mean, sum",
        ),
        (
            lambda: reference.cross_entropy_backward(
                np.ones(2), np.ones((2, 3)), np.zeros(2, dtype=int)
            ),
            "grad_output must have shape",
        ),
        (lambda: reference.softmax(np.ones((2, 3)), 2), "dim must be an axis"),
        (lambda: reference.softmax(np.ones((2, 3), int), 1), "floating-point"),
        (lambda: reference.linear(np.ones((2, 3)), np.ones((4, 2))), "3 columns"),
        (lambda: reference.fan_in_and_fan_out((3,)), "two axes"),
        (lambda: reference.kaiming_normal((3, 2), "step"), "nonlinearity must be"),
        (lambda: reference.dropout(np.ones(3), 1.5), "from 0 to 1"),
    ],
)
def test_what_does_not_fit_is_refused_in_a_sentence(call, says):
    with pytest.raises(ValueError, match=says):
        call()


@pytest.mark.parametrize(
    "name", [name for name in vars(gpu) if inspect.isfunction(getattr(gpu, name))]
)
def test_twins_have_one_signature(name):
    if name.startswith("_") or getattr(gpu, name).__module__ != gpu.__name__:
        pytest.skip("not a twin")
    ours = list(inspect.signature(getattr(reference, name.rstrip("_"))).parameters)
    twins = list(inspect.signature(getattr(gpu, name)).parameters)
    same = {"generator": "rng", "tensor": "shape"}
    assert [same.get(parameter, parameter) for parameter in twins] == ours
