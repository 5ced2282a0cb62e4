"""The explorer's numbers are the norm's; eval mode knows no company; one number is refused."""

import numpy as np

from course.normalisation import explorer

from ..shown import grid, note, said


def test_the_first_channel_is_the_example_by_hand():
    view = explorer.explorer()
    assert sorted(view.x[:, 0]) == [1, 2, 3, 6] and view.mean[0] == 3 and view.var[0] == 3.5
    np.testing.assert_allclose(np.sort(view.y[:, 0]), [-1.069, -0.5345, 0, 1.6036], atol=1e-4)
    view.gamma.value, view.beta.value = 2, 1
    np.testing.assert_allclose(np.sort(view.y[:, 0]), [-1.1381, -0.069, 1, 4.2071], atol=1e-4)
    assert "4.207" in said(view) or "4.21" in said(view)


def test_company_changes_the_first_output_in_training_alone():
    view = explorer.explorer()
    _, alike = explorer.COMPANY
    first = view.y[0].copy()
    view.company.value = alike
    assert abs(view.y[0] - first).max() > 0.3 and "follows its company" in note(view)
    view.mode.value = explorer.EVAL
    kept = view.y[0].copy()
    np.testing.assert_allclose(kept[0], (6 - 3) / 2, atol=1e-4)
    view.company.value, view.size.value = next(iter(explorer.COMPANY)), 7
    np.testing.assert_array_equal(view.y[0], kept)
    assert "whatever its company" in note(view)
    assert grid(view, "statistics")["title"] == "kept from training"


def test_one_number_for_a_channel_is_refused_in_training_alone():
    view = explorer.explorer()
    view.size.value = 1
    assert "choose a larger batch, or eval" in view.problem
    view.mode.value = explorer.EVAL
    assert not view.problem and view.y.shape == (1, 3)
