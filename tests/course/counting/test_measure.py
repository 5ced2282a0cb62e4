"""What torch does is what the sizes predict; measuring leaves the net as it was."""

import pytest
import torch
from torch import nn

from course import models
from course.counting import measure, reference
from course.residual.nets import PlainNet, ResNet

SMALL = {
    "lenet": (models.LeNet5, (3, 1, 32, 32)),
    "resnet": (lambda: ResNet(8), (2, 3, 32, 32)),
    "resnet, pre-activation, projections": (
        lambda: ResNet(14, shortcut="B", activation="pre"),
        (2, 3, 16, 16),
    ),
    "plain": (lambda: PlainNet(14, widths=(8, 16, 32), in_channels=1), (4, 1, 8, 8)),
    "inception": (lambda: models.Inception(8, (2, 3, 4, 1, 2, 2)), (2, 8, 7, 6)),
    "normalisation, dropout, pooling": (
        lambda: nn.Sequential(
            *(nn.Conv2d(2, 6, 3, groups=2), nn.ReLU(), nn.LocalResponseNorm(3)),
            *(nn.MaxPool2d(3, 2, ceil_mode=True), nn.BatchNorm2d(6), nn.Sigmoid()),
            *(nn.AvgPool2d(2, 1), nn.AdaptiveAvgPool2d(2), nn.Identity(), nn.Flatten()),
            *(nn.Linear(24, 7, bias=False), nn.Dropout(0.3), nn.Linear(7, 3)),
        ),
        (2, 2, 11, 14),
    ),
}


@pytest.mark.parametrize("name", SMALL)
def test_prediction_is_measurement_on_the_cpu(name):
    build, shape = SMALL[name]
    table = measure.compare(build(), torch.rand(shape))
    assert len(table.rows) == 4
    for row in table.rows:
        assert row["difference"] == 0, row
        assert row["measured"] > 0


@pytest.mark.parametrize("inplace", [False, True])
def test_an_in_place_relu_saves_no_bytes_of_autograd_but_outputs(inplace):
    net, x = ResNet(8), torch.rand(2, 3, 16, 16)
    before = measure.saved_bytes(net, x), measure.output_bytes(net, x)
    for module in net.modules():
        if isinstance(module, nn.ReLU):
            module.inplace = inplace
    assert measure.saved_bytes(net, x) == before[0]
    assert (measure.output_bytes(net, x) < before[1]) == inplace
    assert all(row["difference"] == 0 for row in measure.compare(net, x).rows)


def test_saved_lists_activations_and_the_batch_but_no_weights():
    net, x = models.LeNet5(), torch.rand(2, 1, 32, 32)
    shapes = {shape for shape, *_ in measure.saved(net, x)}
    assert (2, 6, 28, 28) in shapes  # the first tanh's output
    assert (2, 1, 32, 32) in shapes  # the batch
    assert len(shapes) == 7
    assert all(size == torch.Size(s).numel() * 4 for s, _, size in measure.saved(net, x))


def test_measuring_changes_nothing():
    net, x = ResNet(8), torch.rand(4, 3, 8, 8)
    net.eval()
    net[1].train()
    modes = [module.training for module in net.modules()]
    state = {name: tensor.clone() for name, tensor in net.state_dict().items()}
    hooks = [len(module._forward_hooks) for module in net.modules()]
    torch.manual_seed(3)
    measure.compare(nn.Sequential(net, nn.Dropout()), x)
    drawn = torch.rand(1)
    torch.manual_seed(3)
    assert torch.equal(drawn, torch.rand(1))
    assert [module.training for module in net.modules()] == modes
    assert [len(module._forward_hooks) for module in net.modules()] == hooks
    for name, tensor in net.state_dict().items():
        assert torch.equal(tensor, state[name]), name
    assert all(p.grad is None for p in net.parameters())


def test_outputs_are_those_of_the_modules():
    found = measure.outputs(models.LeNet5(), torch.rand(2, 1, 32, 32))
    assert [shape for _, kind, shape, _ in found if kind == "Conv2d"] == [
        (2, 6, 28, 28),
        (2, 16, 10, 10),
        (2, 120, 1, 1),
    ]
    # Flatten gives a view.
    assert [size for _, kind, _, size in found if kind == "Flatten"] == [0]


def test_the_chain_and_the_trace_agree():
    net = nn.Sequential(nn.Conv2d(1, 4, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten())
    specs = [
        ("Conv2d", {"out_channels": 4, "kernel_size": 3}),
        ("ReLU", {}),
        ("MaxPool2d", {"kernel_size": 2}),
        ("Flatten", {}),
    ]
    traced = measure.trace(net, (5, 1, 9, 10))
    chain = reference.sequential(specs, (5, 1, 9, 10))
    assert [(a.saved, a.inputs, a.output, a.output_shape, a.parameters) for a in traced] == [
        (a.saved, a.inputs, a.output, a.output_shape, a.parameters) for a in chain
    ]


def test_a_layer_without_a_rule_is_measured_all_the_same():
    net = nn.Sequential(nn.Conv2d(1, 2, 3), nn.PReLU())
    with pytest.raises(ValueError, match="PReLU"):
        measure.trace(net, (1, 1, 5, 5))
    table = measure.compare(net, torch.rand(1, 1, 5, 5))
    assert [row["predicted"] for row in table.rows] == [None] * 4
    assert table.rows[0]["measured"] == 2 * 9 + 2 + 1
    assert "PReLU" in table.rows[0]["why"]
    assert str(table)


def test_a_layer_used_twice_counts_once_and_keeps_its_parameters():
    layer = nn.Linear(3, 3)
    net, parameters = nn.Sequential(layer, layer), list(layer.parameters())
    table = measure.compare(net, torch.rand(1, 3))
    assert table.rows[0]["measured"] == 12
    assert table.rows[1]["measured"] == 2 * 9
    assert all(a is b for a, b in zip(layer.parameters(), parameters, strict=True))


def test_tied_weights_are_traced():
    net = nn.Sequential(nn.Linear(3, 3, bias=False), nn.Tanh(), nn.Linear(3, 3, bias=False))
    net[2].weight = net[0].weight
    assert measure.parameters(net) == 9
    assert [each.kind for each in measure.trace(net, (2, 3))] == ["Linear", "Tanh", "Linear"]


def test_nothing_is_kept_before_the_first_parameter():
    net = nn.Sequential(nn.MaxPool2d(2), nn.Tanh(), nn.Conv2d(2, 3, 3))
    (only,) = measure.saved(net, torch.rand(1, 2, 8, 8))
    assert only[0] == (1, 2, 4, 4)
    assert reference.saved_bytes(measure.trace(net, (1, 2, 8, 8))) == 2 * 4 * 4 * 4


def test_peak_memory_needs_cuda():
    with pytest.raises(ValueError, match="CUDA"):
        measure.peak_memory(models.LeNet5(), torch.rand(1, 1, 32, 32))


@pytest.mark.gpu
def test_peak_memory_holds_at_least_what_the_sizes_predict():
    if not torch.cuda.is_available():
        pytest.skip("needs CUDA: other devices do not count allocated bytes")
    net, x = ResNet(20).cuda(), torch.rand(64, 3, 32, 32, device="cuda")
    predicted = reference.training_memory(measure.trace(net, x), "momentum")
    measured = measure.peak_memory(net, x, "momentum")
    floor = sum(predicted[part] for part in ("weights", "optimizer", "activations", "batch"))
    assert floor <= measured <= 2 * predicted["total"] + 2**26


NETS = {
    "AlexNet": (models.AlexNet, (16, 64, 128)),
    "VGG-16": (models.vgg16, (4, 8, 16)),
    "ResNet-18": (models.resnet18, (16, 32, 64)),
    "ResNet-50": (models.resnet50, (8, 16, 32)),
}


@pytest.mark.gpu
@pytest.mark.parametrize(
    ("name", "batch"), [(n, b) for n, (_, sizes) in NETS.items() for b in sizes]
)
def test_what_training_holds_after_the_forward_pass_is_predicted(name, batch):
    """Within 5 %: a dropout mask is 1 byte a number on CUDA, and blocks are rounded to 512 bytes.

    What comes on top for a moment, gradients of activations and workspaces, is no part of it.
    """
    if not torch.cuda.is_available():
        pytest.skip("needs CUDA: other devices do not count allocated bytes")
    warm = torch.rand(64, 64, device="cuda")
    warm @ warm  # cuBLAS takes its workspace once, and keeps it
    before = torch.cuda.memory_allocated()
    net, x = NETS[name][0]().cuda(), torch.rand(batch, 3, 224, 224, device="cuda")
    optimizer = torch.optim.SGD(net.parameters(), lr=1e-6, momentum=0.9)
    net(x).sum().backward()
    optimizer.step()
    optimizer.zero_grad(set_to_none=False)
    y = net(x)
    held = torch.cuda.memory_allocated() - before
    predicted = reference.training_memory(measure.trace(net, x), "momentum")
    assert y.requires_grad
    assert held == pytest.approx(predicted["total"], rel=0.05), predicted
