"""Training is torch's own, written out; what it measures; and how it is stopped and continued."""

import copy
import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

from course import datasets
from course.residual.nets import PlainNet, ResNet
from course.training import Training, error, gradient_norms, train


def tiny():
    torch.manual_seed(0)
    return ResNet(8, widths=(4, 4, 4), in_channels=1)


@pytest.fixture
def few():
    part = datasets.digits("train")
    return torch.from_numpy(datasets.standardise(part)[:50]), torch.from_numpy(part.labels[:50])


def test_training_wants_a_class_for_each_picture():
    with pytest.raises(ValueError, match="y must"):
        Training(PlainNet(8), torch.ones(3, 3, 8, 8), torch.ones(2))


def test_training_is_torchs_sgd_with_a_step_schedule(few):
    """The loop against one written out with torch's own optimiser and scheduler."""
    model = tiny()
    judge = copy.deepcopy(model)
    history = train(
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


def test_the_rate_falls_along_a_cosine_as_torchs_does(few):
    """Adam and the cosine, step by step, against the loop written out."""
    model = tiny()
    judge = copy.deepcopy(model)
    settings = {"lr": 0.01, "weight_decay": 0.0, "batch_size": 20, "seed": 7}
    history = train(model, *few, 3, progress=False, adam=True, cosine=3, **settings)
    optimizer = torch.optim.Adam(judge.parameters(), 0.01)
    generator = torch.Generator().manual_seed(7)
    for step in range(6):
        if step % 2 == 0:
            order = torch.randperm(50, generator=generator)
        rate = 0.01 * (1 + math.cos(math.pi * step / 6)) / 2
        optimizer.param_groups[0]["lr"] = rate
        if step % 2 == 0:
            assert history[step // 2]["lr"] == pytest.approx(rate)
        chosen = order[20 * (step % 2) :][:20]
        optimizer.zero_grad()
        F.cross_entropy(judge(few[0][chosen]), few[1][chosen]).backward()
        optimizer.step()
    for ours, theirs in zip(model.parameters(), judge.parameters(), strict=True):
        torch.testing.assert_close(ours, theirs)


@pytest.mark.parametrize("settings", [{"milestones": (2,)}, {"cosine": 4, "adam": True}], ids=str)
def test_training_continues_where_it_stopped(few, settings):
    whole = Training(tiny(), *few, batch_size=16, **settings)
    rows = [whole.run_epoch() for _ in range(4)]
    first = Training(tiny(), *few, batch_size=16, **settings)
    again = [first.run_epoch() for _ in range(2)]
    second = Training(tiny(), *few, batch_size=16, **settings)
    second.load_state_dict(copy.deepcopy(first.state_dict()))
    again += [second.run_epoch() for _ in range(2)]
    for a, b in zip(rows, again, strict=True):
        assert {k: v for k, v in a.items() if k != "seconds"} == {
            k: v for k, v in b.items() if k != "seconds"
        }


def test_an_epoch_may_keep_its_last_batch_and_have_another_loss(few):
    """Pixels with classes of their own, the background's counting less."""
    x, y = few[0], (few[0][:, 0] > 0).long()
    weight = torch.tensor([0.25, 1.0])

    def loss(scores, classes):
        return F.cross_entropy(scores, classes, weight)

    torch.manual_seed(0)
    model = torch.nn.Conv2d(1, 2, 3, padding=1)
    judge = copy.deepcopy(model)
    settings = {"lr": 0.1, "momentum": 0.0, "weight_decay": 0.0, "batch_size": 20, "seed": 7}
    training = Training(model, x, y, drop_last=False, loss=loss, **settings)
    row = training.run_epoch()
    optimizer = torch.optim.SGD(judge.parameters(), lr=0.1)
    losses, wrong = [], 0
    order = torch.randperm(50, generator=torch.Generator().manual_seed(7))
    for chosen in (order[:20], order[20:40], order[40:]):
        scores = judge(x[chosen])
        losses.append(loss(scores, y[chosen]))
        wrong += (scores.argmax(1) != y[chosen]).sum().item()
        optimizer.zero_grad()
        losses[-1].backward()
        optimizer.step()
    torch.testing.assert_close(model.weight, judge.weight)
    assert training.steps == 3
    assert row["loss"] == pytest.approx(sum(losses).item() / 3, rel=1e-5)
    assert row["train_error"] == pytest.approx(100 * wrong / y.numel())


def test_training_stops_when_asked_and_writes_nothing_to_stderr(few, capfd):
    steps = []
    history = train(
        tiny(), *few, 5, batch_size=10, stop=lambda: steps.append(1) or len(steps) == 12
    )
    assert len(history) == 2 and len(steps) == 12
    out, err = capfd.readouterr()
    assert "training" in out and err == ""


def test_error_is_that_of_eval_mode(few):
    model = tiny()
    model.train()
    wrong = (copy.deepcopy(model).eval()(few[0]).argmax(1) != few[1]).float().mean().item()
    assert error(model, *few, batch_size=7) == pytest.approx(100 * wrong)
    assert model.training


def test_gradient_norms_are_autograds_and_change_nothing(few):
    model = ResNet(8, shortcut="B", widths=(4, 8, 8), in_channels=1).eval()
    state = copy.deepcopy(model.state_dict())
    norms = gradient_norms(model, *few)
    judge = copy.deepcopy(model).train()
    F.cross_entropy(judge(few[0]), few[1]).backward()
    modules = dict(judge.named_modules())
    assert len(norms) == 7
    for name, norm in norms:
        assert norm == pytest.approx(modules[name].weight.grad.square().sum().sqrt().item())
    assert not model.training
    assert all(p.grad is None for p in model.parameters())
    assert all(torch.equal(state[name], tensor) for name, tensor in model.state_dict().items())
