"""A net and a table of one's own: drawn from a name, right by torch, wrong where they say so."""

import pytest

from course.counting import checks, own

NAMES = [f"Student {number}" for number in range(20)]


def test_a_name_draws_one_net_and_another_name_another_one():
    assert own.own_net("Ada Lovelace") == own.own_net("  ada  LOVELACE")
    assert len({own.own_net(name) for name in NAMES}) == len(NAMES)
    with pytest.raises(ValueError, match="name must be a text"):
        own.own_net(" ")


@pytest.mark.parametrize("name", NAMES)
def test_the_formula_of_the_diagnoses_gives_what_torch_gives(name):
    net = own.own_net(name)
    assert checks._counted(net) == net.numbers()


@pytest.mark.parametrize("name", NAMES)
def test_one_entry_of_each_column_is_wrong(name):
    drawn = own.own_table(name)
    printed = drawn.table().rows
    for column in own.COLUMNS:
        wrong = [
            place
            for place, row in enumerate(drawn.rows)
            if printed[place][column] != row.entries()[column]
        ]
        assert wrong == [drawn.right()[column][0]]


def test_the_printed_net_does_not_say_what_is_asked(capsys):
    checks.show_net("Ada Lovelace")
    printed = capsys.readouterr().out
    assert "in_features=?" in printed
    assert str(own.own_net("Ada Lovelace").numbers()["in_features"]) not in printed


def test_a_name_that_is_none_is_said():
    report = checks.my_net.examine(lambda: {"name": ""})
    assert not report.earned
    assert "name must be a text" in report.text
    report = checks.my_net.examine(lambda: None)
    assert "must be a dictionary" in report.text
