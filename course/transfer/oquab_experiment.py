"""Measures how well a net of patches finds digits, by how it was made of another: see --help.

python -m course.transfer.oquab_experiment --threads 1 --out benchmarks/results/transfer-patches

Every net is a row of results.csv; an interrupted command goes on at the seed where it stopped.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from course import runs
from course.transfer import oquab


def run(
    out: Path,
    seeds: Sequence[int] = (0, 1, 2),
    *,
    pictures: int = 10,
    new: int = 200,
    progress: bool = True,
    command: str = "",
) -> list[dict]:
    """Learn the source from each seed and make of it every net that results.csv lacks.

    A seed has pictures of its own, to learn from and to find digits in.

    Returns:
        The rows: seed, way (of `oquab.in_every_way`), found (percent of the new pictures whose
        surest window is a digit rightly named), alarms (percent of the empty windows called a
        digit).

    Raises:
        ValueError: `out` holds results of other settings.
    """
    settings = {"data": "scikit-learn digits, made pictures", "pictures": pictures, "new": new}
    runs.settle(out, settings, "cpu", command)

    def measured(seed: int) -> Iterator[dict]:
        few = oquab.scenes(count=pictures, seed=seed)
        others = oquab.scenes(part="test", count=new, seed=seed)
        nets = oquab.in_every_way(oquab.learn_source(seed), *oquab.cut(few, seed=seed), seed)
        for way, net in nets.items():
            yield {
                "way": way,
                "found": oquab.detection_rate(net, others),
                "alarms": oquab.false_alarms(net, others),
            }

    return runs.resume(out, ("seed",), [(seed,) for seed in seeds], measured, progress)


def main(arguments: Sequence[str] | None = None) -> None:
    """The command line."""
    parser = runs.parser("course.transfer.oquab_experiment", __doc__, "runs/transfer-patches")
    parser.add_argument("--pictures", type=int, default=10, help="of the target, to learn from")
    runs.execute(parser, arguments, run, ["way"], "found")


if __name__ == "__main__":
    main()
