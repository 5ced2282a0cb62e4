"""python -m autograder: grade a class, show what was graded, look after the sandbox's walls."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Run a command; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m autograder", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    grade = commands.add_parser("grade", help="grade what students handed in")
    status = commands.add_parser("status", help="show what was graded")
    doctor = commands.add_parser("doctor", help="show which walls of the sandbox stand here")
    preflight = commands.add_parser(
        "preflight", help="try an assignment: its solution must earn all points, the exercise none"
    )
    preflight.add_argument("assignment")
    preflight.add_argument("--course", default=".", help="folder of nbgrader_config.py")
    for command in (grade, status):
        command.add_argument("assignment")
        command.add_argument("--students", nargs="+", metavar="NAME", help="only these")
        command.add_argument("--course", default=".", help="folder of nbgrader_config.py")
    grade.add_argument("--force", action="store_true", help="grade again what is graded already")
    grade.add_argument("--workers", type=int, metavar="N", help="one for each core by default")
    grade.add_argument("--scheduler", metavar="tls://HOST:PORT", help="a Dask cluster to use")
    grade.add_argument(
        "--insecure-scheduler",
        action="store_true",
        help="accept a scheduler without TLS: who reaches it can run code as you",
    )
    grade.add_argument(
        "--no-preflight",
        action="store_true",
        help="grade even where the solution does not earn full marks, or the exercise earns some",
    )
    grade.add_argument(
        "--unbounded-memory",
        action="store_true",
        help="grade even where no control group bounds the memory of a submission",
    )
    for command in (grade, preflight, doctor):
        command.add_argument(
            "--gpu",
            action="store_true",
            help="show students' code an NVIDIA card, one submission at a time (c.Execute.card "
            "says which); SECURITY.md says what that opens",
        )
    for command in (grade, doctor):
        command.add_argument(
            "--no-sandbox",
            action="store_true",
            help="run students' code with all your rights: only for code that you trust",
        )
    options = parser.parse_args(arguments)
    run = {"grade": _grade, "status": _status, "doctor": _doctor, "preflight": _preflight}
    return run[options.command](options)


def _grade(options):
    from autograder.submission import head_start

    if not (options.scheduler or options.no_sandbox or options.gpu):
        head_start.begin()
    from autograder.sandbox.loading import without_collector

    with without_collector():
        from autograder.classroom import grading
        from autograder.classroom.table import table

    if not options.scheduler:
        head_start.begin_children()
    if options.no_sandbox:
        print("The sandbox is off: students' code runs with all your rights.", file=sys.stderr)
    try:
        config = _config(options)
        if options.unbounded_memory:
            config.Execute.unbounded_memory = True
        if options.no_preflight:
            config.Execute.preflight = False
        writer = grading.writer(options.course, options.force, not options.no_sandbox, config)
        writer.log.setLevel("ERROR")
        rows = grading.grade(
            writer,
            options.assignment,
            options.students,
            options.workers,
            options.scheduler,
            insecure=options.insecure_scheduler,
        )
    except grading.GradingError as problem:
        print(f"Grading stopped: {problem}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped. Run it again: it goes on where it stopped.", file=sys.stderr)
        return 130
    print(table(rows))
    return int(any(row.status == grading.NOT_GRADED for row in rows))


def _config(options):
    """What goes before the course's own configuration."""
    from traitlets.config import Config

    config = Config()
    if options.gpu:
        config.Execute.gpu = True
    return config


def _status(options):
    from autograder.classroom import grading
    from autograder.classroom.table import table

    try:
        with grading.told_in_a_sentence():
            writer = grading.writer(options.course)
            writer.open(options.assignment)
            rows = [writer.status(name) for name in options.students or writer.students()]
    except grading.GradingError as problem:
        print(problem, file=sys.stderr)
        return 2
    print(table(rows))
    return 0


def _preflight(options):
    from autograder.classroom import grading, preflight

    try:
        with grading.told_in_a_sentence():
            writer = grading.writer(options.course, config=_config(options))
            findings = preflight.preflight(writer, options.assignment)
    except grading.GradingError as problem:
        print(problem, file=sys.stderr)
        return 2
    for finding in findings:
        print(finding)
    if not findings:
        print("The solution earns full marks, the exercise as released none.")
    return int(bool(findings))


def _doctor(options):
    from autograder import doctor

    findings = doctor.examine(card=0 if options.gpu else None)
    print(doctor.report(findings))
    standing = all(finding.stands or not finding.needed for finding in findings)
    return 0 if standing or options.no_sandbox else 1


if __name__ == "__main__":
    code = main()
    sys.stdout.flush()
    os._exit(code) if code == 130 else sys.exit(code)
