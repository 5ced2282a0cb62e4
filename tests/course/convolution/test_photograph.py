"""The net that lecture 1 begins with: what it is shown, and what it answers elsewhere."""

import torch

from course.convolution import photograph


def test_what_is_kept_back_was_never_shown():
    drawn = photograph.classes(photograph.DRAWN) != photograph.NO_CLASS
    kept_back = photograph.classes(photograph.KEPT_BACK) != photograph.NO_CLASS
    assert drawn.any() and kept_back.any() and not (drawn & kept_back).any()


def test_it_answers_nine_of_ten_pixels_that_it_was_not_told():
    before = torch.random.get_rng_state()
    net = photograph.trained()
    assert torch.equal(torch.random.get_rng_state(), before)
    assert photograph.accuracy(net) > 88
    # What always says the most frequent class is right for fewer than half.
    counts = torch.bincount(photograph.classes(photograph.KEPT_BACK).flatten() + 1)[1:]
    assert counts.max() / counts.sum() < 0.5
    assert photograph.answer(net).shape == photograph.seen().shape[1:]


def test_its_picture_is_large_and_tells_what_it_shows(within_its_page):
    drawn = photograph.sees(photograph.trained())
    assert drawn.figure.get_figwidth() >= 7
    within_its_page(drawn)
