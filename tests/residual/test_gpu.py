"""The nets' shapes and counts, the constructed solution, training, and the degradation itself."""

import copy

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from torch import nn

from course import datasets
from course.residual import gpu, reference

DIGITS = {"widths": (8, 16, 32), "in_channels": 1}


def numel(model):
    return sum(p.numel() for p in model.parameters())


@pytest.fixture(scope="module")
def digits():
    train = datasets.digits("train")
    return torch.from_numpy(datasets.standardise(train)), torch.from_numpy(train.labels)


@pytest.fixture(scope="module")
def runs(digits):
    """(net, history, gradient norms at the start) of three trainings, on one thread."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    found = {}
    for name, build in (
        ("plain-8", lambda: gpu.PlainNet(8, **DIGITS)),
        ("plain-56", lambda: gpu.PlainNet(56, **DIGITS)),
        ("residual-56", lambda: gpu.ResNet(56, **DIGITS)),
    ):
        torch.manual_seed(0)
        net = build()
        norms = [norm for _, norm in gpu.gradient_norms(net, digits[0][:128], digits[1][:128])]
        history = gpu.train(net, *digits, 8, progress=False)
        found[name] = net, history, norms
    torch.set_num_threads(threads)
    return found


def test_degradation(runs):
    """Eight epochs of seed 0; over five seeds plain-56 had 53 to 68 %, residual-56 0 to 1 %."""
    errors = {name: history[-1]["train_error"] for name, (_, history, _) in runs.items()}
    assert errors["plain-8"] < 3
    assert errors["plain-56"] > 30
    assert errors["residual-56"] < 3


def test_degradation_is_not_vanishing_gradients(runs):
    """With batch norm plain-56's gradients at the start grow towards the input."""
    plain, residual = runs["plain-56"][2], runs["residual-56"][2]
    assert len(plain) == len(residual) == 55
    assert plain[0] > 30 * plain[-1]
    assert residual[0] < 10 * residual[-1]
    assert min(plain) > 0.01


def test_constructed_solution(runs, digits):
    """A trained plain-8 with identity layers is a plain-56 that is as good."""
    net = runs["plain-8"][0]
    deeper = gpu.add_identity_layers(net, 56)
    assert isinstance(deeper, gpu.PlainNet) and numel(deeper) == numel(gpu.PlainNet(56, **DIGITS))
    was_training = net.training
    with torch.no_grad():
        shallow_loss = F.cross_entropy(net.eval()(digits[0]), digits[1])
        deep_loss = F.cross_entropy(deeper(digits[0]), digits[1])
    assert gpu.error(deeper, *digits) == gpu.error(net, *digits)
    assert abs(shallow_loss - deep_loss) < 1e-5
    net.train(was_training)
    assert gpu.error(deeper, *digits) < runs["plain-56"][1][-1]["train_error"]


def test_constructed_solution_refuses_what_it_cannot_do():
    with pytest.raises(ValueError, match="plain net"):
        gpu.add_identity_layers(gpu.ResNet(8), 14)
    with pytest.raises(ValueError, match="plain net"):
        gpu.add_identity_layers(gpu.PlainNet(8, activation="pre"), 14)
    with pytest.raises(ValueError, match="at least 14"):
        gpu.add_identity_layers(gpu.PlainNet(14), 8)


@pytest.mark.parametrize(("depth", "count"), [(8, 19_074), (56, 214_402)])
def test_plain_and_residual_have_equally_many_parameters(depth, count):
    torch.manual_seed(0)
    plain = gpu.PlainNet(depth, **DIGITS)
    torch.manual_seed(0)
    residual = gpu.ResNet(depth, **DIGITS)
    assert numel(plain) == numel(residual) == count
    for a, b in zip(plain.parameters(), residual.parameters(), strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize(
    ("depth", "millions"), [(20, 0.27), (32, 0.46), (44, 0.66), (56, 0.85), (110, 1.7)]
)
def test_sizes_of_the_papers_cifar_nets(depth, millions):
    # He et al. (2015), table 6.
    with torch.device("meta"):
        net = gpu.ResNet(depth)
    assert numel(net) / 1e6 == pytest.approx(millions, rel=0.02)
    weighted = [m for m in net.modules() if isinstance(m, nn.Conv2d | nn.Linear)]
    assert len(weighted) == depth


@pytest.mark.parametrize("depth", reference.STAGES)
def test_imagenet_nets_have_their_depth_in_layers(depth):
    with torch.device("meta"):
        net = gpu.ImageNetResNet(depth)
        plain = gpu.ImageNetResNet(depth, shortcut=None)
        assert net(torch.empty(2, 3, 224, 224)).shape == (2, 1000)
    weighted = [
        name
        for name, m in net.named_modules()
        if isinstance(m, nn.Conv2d | nn.Linear) and ".shortcut" not in name
    ]
    assert len(weighted) == depth == sum(reference.layers_by_stage(depth))
    assert sum(isinstance(m, nn.Conv2d | nn.Linear) for m in plain.modules()) == depth


@pytest.mark.parametrize("activation", ["post", "pre"])
@pytest.mark.parametrize("shortcut", ["A", "B", "C", None])
def test_every_kind_of_block_is_the_sum_it_says(shortcut, activation):
    """A block against its formula, with batch norm's layers taken from the block itself."""
    torch.manual_seed(0)
    for build, channels, stride in (
        (gpu.basic_block, 4, 1),
        (gpu.basic_block, 6, 2),
        (gpu.bottleneck_block, 1, 1),
        (gpu.bottleneck_block, 2, 2),
    ):
        block = build(4, channels, stride, shortcut, activation).double()
        x = torch.randn(3, 4, 6, 5, dtype=torch.float64)
        out_channels = channels if build is gpu.basic_block else 4 * channels
        changes = stride == 2 or out_channels != 4
        norms = [m for m in block.modules() if isinstance(m, nn.BatchNorm2d)]
        convs = [m for m in block.branch if isinstance(m, nn.Conv2d)]
        assert len(convs) == (2 if build is gpu.basic_block else 3)

        def norm(t):
            return F.batch_norm(t, None, None, training=True)

        a = F.relu(norm(x)) if activation == "pre" else x
        f = a
        for i, conv in enumerate(convs):
            if i:
                f = F.relu(f if activation == "post" else norm(f))
            f = F.conv2d(f, conv.weight, stride=conv.stride, padding=conv.padding)
            if activation == "post":
                f = norm(f)
        carried = a if changes else x
        if shortcut is None:
            y = f
        elif shortcut == "C" or (changes and shortcut == "B"):
            s = F.conv2d(carried, block.shortcut[0].weight, stride=stride)
            y = f + (norm(s) if activation == "post" else s)
        else:
            kept = carried[:, :, ::stride, ::stride]
            y = f + F.pad(kept, (0, 0, 0, 0, 0, out_channels - 4))
        y = F.relu(y) if activation == "post" else y
        assert len(norms) == len(convs) + (
            activation == "post" and isinstance(block.shortcut, nn.Sequential)
        )
        torch.testing.assert_close(block(x), y, rtol=1e-9, atol=1e-9)


def test_a_bottleneck_steps_where_it_is_told():
    first = gpu.bottleneck_block(8, 2, 2).branch
    second = gpu.bottleneck_block(8, 2, 2, stride_at="3x3").branch
    steps = [[m.stride[0] for m in b if isinstance(m, nn.Conv2d)] for b in (first, second)]
    assert steps == [[2, 1, 1], [1, 2, 1]]


def test_weights_start_as_he_et_al_draw_them():
    torch.manual_seed(0)
    conv = nn.Conv2d(64, 256, 3)
    gpu.initialise(nn.Sequential(conv))
    assert conv.weight.std().item() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.01)


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: gpu.ResNet(10), "depth"),
        (lambda: gpu.ResNet(2), "depth"),
        (lambda: gpu.ImageNetResNet(20), "depth"),
        (lambda: gpu.ResNet(8, shortcut="D"), "shortcut"),
        (lambda: gpu.PlainNet(8, activation="none"), "activation"),
        (lambda: gpu.resnet50(stride_at="5x5"), "stride_at"),
        (lambda: gpu.Training(gpu.PlainNet(8), torch.ones(3, 3, 8, 8), torch.ones(2)), "y must"),
    ],
)
def test_bad_input_is_named(call, name):
    with pytest.raises(ValueError, match=name):
        call()


def tiny():
    torch.manual_seed(0)
    return gpu.ResNet(8, widths=(4, 4, 4), in_channels=1)


@pytest.fixture
def few(digits):
    return digits[0][:50], digits[1][:50]


def test_training_is_torchs_sgd_with_a_step_schedule(few):
    """The loop against one written out with torch's own optimiser and scheduler."""
    model = tiny()
    judge = copy.deepcopy(model)
    history = gpu.train(
        model, *few, 3, progress=False, batch_size=20, milestones=(1, 2), gamma=0.5, seed=7
    )
    optimizer = torch.optim.SGD(judge.parameters(), lr=0.05, momentum=0.9, weight_decay=1e-4)
    schedule = torch.optim.lr_scheduler.MultiStepLR(optimizer, [1, 2], gamma=0.5)
    generator = torch.Generator().manual_seed(7)
    for row in history:
        order = torch.randperm(50, generator=generator)
        losses, wrong = [], 0
        # 50 images are two steps of 20: the last ten are left out.
        for chosen in (order[:20], order[20:40]):
            scores = judge(few[0][chosen])
            loss = F.cross_entropy(scores, few[1][chosen])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            losses.append(loss.item())
            wrong += (scores.argmax(1) != few[1][chosen]).sum().item()
        assert row["loss"] == pytest.approx(np.mean(losses), rel=1e-5)
        assert row["train_error"] == pytest.approx(100 * wrong / 40)
        assert row["lr"] == pytest.approx(schedule.get_last_lr()[0])
        schedule.step()
    for ours, theirs in zip(model.parameters(), judge.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


def test_training_continues_where_it_stopped(few):
    whole = gpu.Training(tiny(), *few, batch_size=16, milestones=(2,))
    rows = [whole.run_epoch() for _ in range(4)]
    first = gpu.Training(tiny(), *few, batch_size=16, milestones=(2,))
    again = [first.run_epoch() for _ in range(2)]
    second = gpu.Training(tiny(), *few, batch_size=16, milestones=(2,))
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    again += [second.run_epoch() for _ in range(2)]
    for a, b in zip(rows, again, strict=True):
        assert {k: v for k, v in a.items() if k != "seconds"} == {
            k: v for k, v in b.items() if k != "seconds"
        }


def test_training_stops_when_asked_and_writes_nothing_to_stderr(few, capfd):
    steps = []
    history = gpu.train(
        tiny(), *few, 5, batch_size=10, stop=lambda: steps.append(1) or len(steps) == 12
    )
    assert len(history) == 2 and len(steps) == 12
    out, err = capfd.readouterr()
    assert "training" in out and err == ""


def test_error_is_that_of_eval_mode(few):
    model = tiny()
    model.train()
    wrong = (copy.deepcopy(model).eval()(few[0]).argmax(1) != few[1]).float().mean().item()
    assert gpu.error(model, *few, batch_size=7) == pytest.approx(100 * wrong)
    assert model.training


def test_gradient_norms_are_autograds_and_change_nothing(few):
    model = gpu.ResNet(8, shortcut="B", widths=(4, 8, 8), in_channels=1).eval()
    state = copy.deepcopy(model.state_dict())
    norms = gpu.gradient_norms(model, *few)
    judge = copy.deepcopy(model).train()
    F.cross_entropy(judge(few[0]), few[1]).backward()
    modules = dict(judge.named_modules())
    assert len(norms) == 7
    for name, norm in norms:
        assert norm == pytest.approx(modules[name].weight.grad.square().sum().sqrt().item())
    assert not model.training
    assert all(p.grad is None for p in model.parameters())
    assert all(torch.equal(state[name], tensor) for name, tensor in model.state_dict().items())


@pytest.mark.gpu
def test_the_nets_train_on_a_gpu(digits):
    from course.device import device

    torch.manual_seed(0)
    net = gpu.ResNet(8, **DIGITS).to(device())
    history = gpu.train(net, *digits, 3, progress=False)
    assert history[-1]["train_error"] < 20
    assert gpu.error(gpu.PlainNet(8, **DIGITS).to(device()), *digits) > 50
