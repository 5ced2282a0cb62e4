"""Prints the table of attacks: what each tries, and what it gets of stock nbgrader and of ours.

    python -m tests.autograder.attacks.table [--only NAME ...] [--stock]

What they get of ours is tried each time. What they get of stock nbgrader, which has no walls, is
read from stock.json; `--stock` tries it anew and writes it there, each attack in a course of its
own. What would take the machine down (a fork bomb, a full disk) is not tried even then.
"""

import argparse
import datetime
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from autograder.classroom import grading
from autograder.sandbox import bubblewrap
from tests.autograder.attacks import harness

tiny = harness.tiny
PROGRAMS = Path(sys.executable).parent
RECORD = Path(__file__).with_name("stock.json")


def against_ours(attacks, folder, targets):
    """{name: what it achieved}, all of them as one class for each exercise."""
    achieved = {}
    for task in harness.MAXIMUM:
        ours = {name: one for name, one in attacks.items() if harness.task_of(one) == task}
        course = harness.make_course(folder / task, task)
        harness.hand_in_victim(course, task)
        for name, attack in ours.items():
            harness.hand_in(course, name, attack, targets)
        with harness.inside(course.root):
            writer = grading.writer(course.root, config=harness.configuration(task, 5))
            grading.grade(writer, tiny.NAME)
            course.api.generate_feedback(tiny.NAME)
        for name, attack in ours.items():
            achieved[name] = harness.outcome(course, name, attack)
    return achieved


def against_stock(name, attack, folder, targets):
    """What one attack achieves against stock nbgrader."""
    course = harness.make_course(folder, harness.task_of(attack), sandboxed=False)
    with (folder / "nbgrader_config.py").open("a") as config:
        config.write("c.Execute.timeout = 5\n")
    harness.hand_in_victim(course, harness.task_of(attack))
    assert course.autograde(harness.VICTIM)["success"]
    before = harness.fingerprint(course, [harness.VICTIM])
    harness.hand_in(course, name, attack, targets)
    # A process namespace, so that nothing is left behind; it is no wall against anything else.
    wall = [
        "bwrap",
        "--dev-bind",
        "/",
        "/",
        "--proc",
        "/proc",
        "--unshare-pid",
        "--die-with-parent",
    ]
    if hasattr(attack, "SURVIVOR"):
        wall = []
    command = [PROGRAMS / "nbgrader", "autograde", tiny.NAME, "--student", name, "--force"]
    environment = {**os.environ, "PATH": f"{PROGRAMS}:{os.environ['PATH']}"}
    try:
        subprocess.run(
            [*wall, *command], cwd=folder, env=environment, capture_output=True, timeout=120
        )
    except subprocess.TimeoutExpired:
        return ["grading never ended"]
    course.api.generate_feedback(tiny.NAME, name)
    try:
        achieved = harness.outcome(course, name, attack)
    except Exception as problem:
        return [f"no mark ({type(problem).__name__})"]
    if harness.fingerprint(course, [harness.VICTIM]) != before:
        achieved.append("changed what belongs to others")
    return achieved


def untried(attack):
    """Why an attack is not tried against stock nbgrader; empty where it is."""
    if hasattr(attack, "STOCK_NEEDS"):
        return f"not run: needs {attack.STOCK_NEEDS}"
    return f"no meaning: {attack.STOCK_IS}" if hasattr(attack, "STOCK_IS") else ""


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--only", nargs="+", metavar="NAME")
    parser.add_argument(
        "--stock", action="store_true", help="let them loose on stock nbgrader, here and now"
    )
    options = parser.parse_args()
    if reasons := bubblewrap.missing():
        sys.exit(f"The attacks are not let loose without the sandbox: {'; '.join(reasons)}.")
    attacks = harness.load()
    if options.only:
        attacks = {name: attacks[name] for name in options.only}
    attacks = {name: one for name, one in attacks.items() if harness.can_be_tried(one)}
    base = Path(tempfile.mkdtemp(prefix="attacks-"))
    rows, record = [], json.loads(RECORD.read_text())
    with harness.Targets() as targets:
        ours = against_ours(attacks, base / "ours", targets)
        for name, attack in attacks.items():
            if untried(attack):
                stock = untried(attack)
            else:
                if options.stock:
                    got = against_stock(name, attack, base / "stock" / name, targets)
                    record["achieved"][name] = got
                    record["date"] = datetime.date.today().isoformat()
                    RECORD.write_text(json.dumps(record, indent=1, sort_keys=True) + "\n")
                stock = "; ".join(record["achieved"][name]) or "nothing"
            reached = "; ".join(ours[name]) or "nothing"
            if ours[name] and hasattr(attack, "OPEN"):
                reached = f"OPEN: {reached}"
            rows.append((attack.__doc__.splitlines()[0], stock, reached))
            print(f"{len(rows)}/{len(attacks)} {name}", file=sys.stderr)
    shutil.rmtree(base, ignore_errors=True)
    print(f"| attack | stock nbgrader {record['nbgrader']}, {record['date']} | ours, now |")
    print("|---|---|---|")
    for row in rows:
        print("| " + " | ".join(text.replace("|", "\\|") for text in row) + " |")
    stock = sum(not row[1].startswith(("nothing", "not run", "no meaning")) for row in rows)
    ours = sum(row[2] != "nothing" for row in rows)
    print(f"\n{len(rows)} attacks: {stock} achieve something against stock nbgrader, {ours} here.")


if __name__ == "__main__":
    main()
