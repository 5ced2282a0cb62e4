"""The exercise's oracles agree with torch, and every known mistake is told from every other."""

import itertools

import pytest
import torch
import torch.nn.functional as F

from course.arithmetic import checks
from course.checking import Task

# A task judged by a property has no oracle that gives a result.
TASKS = [task for task in vars(checks).values() if type(task) is Task]
SEEDS = [None, 1, 2, 3]

each_task = pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)


def results(task, seed, oracle=None):
    """What an oracle gives for each case that has a result."""
    return [task.expected(one, oracle) for one in task.all_cases(seed) if not one.error]


@each_task
@pytest.mark.parametrize("seed", SEEDS)
def test_no_two_mistakes_look_alike_and_none_looks_right(task, seed):
    names = [m.name for m in task.misunderstandings]
    assert len(set(names)) == len(names)
    given = [results(task, seed), *(results(task, seed, m.oracle) for m in task.misunderstandings)]
    for (one, first), (other, second) in itertools.combinations(
        zip(["the truth", *names], given, strict=True), 2
    ):
        # None says nothing: there a student's code would raise.
        both = [(a, b) for a, b in zip(first, second, strict=True) if None not in (a, b)]
        assert any(a != b for a, b in both), (one, other)


@each_task
@pytest.mark.parametrize("seed", SEEDS)
def test_what_must_be_refused_has_no_result(task, seed):
    for one in task.all_cases(seed):
        if one.error:
            with pytest.raises((ValueError, RuntimeError)):
                task.expected(one)


@pytest.mark.parametrize(
    ("n", "o"), [*itertools.product(range(1, 14), repeat=2), (67, 16), (32, 28), (28, 14)]
)
def test_find_layer_is_right_and_smallest_by_torch(n, o):
    def fits(k, s, p):
        """torch gives the size o, and the gradient of a stride-wide kernel reaches the end."""
        x = torch.empty(1, 1, n, device="meta")
        if n + 2 * p < k:
            return False
        sizes = {
            F.conv1d(F.pad(x, (p, p - less)), x.new_empty(1, 1, k), None, s).shape[2]
            for less in (0, 1)
            if n + 2 * p - less >= k
        }
        # With one padded pixel less there is one place less: so none was left over.
        return sizes == {o, o - 1} or (sizes == {o} and n + 2 * p == k and o == 1)

    k, s, p = checks.find_layer.oracle(n, o)
    assert 1 <= s <= k and 0 <= p < k and fits(k, s, p)
    for smaller in range(1, k + 1):
        for stride in range(1, s if smaller == k else smaller + 1):
            assert not any(fits(smaller, stride, padding) for padding in range(smaller))


def test_the_truth_of_transposed_layers_comes_back():
    for o, k, s, p, d in itertools.product(range(1, 9), range(1, 4), range(1, 4), range(2), [1, 2]):
        try:
            n, extra = checks.invert_transposed.oracle(o, k, s, p, d)
        except ValueError:
            assert o + 2 * p < d * (k - 1) + 1  # not even one pixel is so small
        else:
            assert 0 <= extra < s
            assert (n - 1) * s - 2 * p + d * (k - 1) + extra + 1 == o
