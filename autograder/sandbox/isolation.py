"""The inner wall, called inside a fork: new namespaces, private file system, limits, seccomp.

All of it runs after the fork and before any code of a student, in this order: `enter_namespaces`,
fork, `private_file_system`, `limit_resources`, `drop_privileges`, `filter_system_calls`.
"""

from __future__ import annotations

import ctypes
import os
import shutil
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from autograder.sandbox import nvidia

# Linux's numbers (sched.h, mount.h, prctl.h); Python 3.11 has no names for them.
CLONE_NEWNS, CLONE_NEWCGROUP, CLONE_NEWUTS = 0x00020000, 0x02000000, 0x04000000
CLONE_NEWIPC, CLONE_NEWUSER, CLONE_NEWPID = 0x08000000, 0x10000000, 0x20000000
CLONE_NEWNET, CLONE_NEWTIME = 0x40000000, 0x00000080
MS_RDONLY, MS_NOSUID, MS_NODEV, MS_NOEXEC = 0x1, 0x2, 0x4, 0x8
MS_REMOUNT, MS_BIND, MS_MOVE, MS_REC, MS_PRIVATE = 0x20, 0x1000, 0x2000, 0x4000, 0x40000
PR_SET_PDEATHSIG, PR_CAPBSET_DROP, PR_SET_NO_NEW_PRIVS = 1, 24, 38

NAMESPACES = (
    CLONE_NEWUSER
    | CLONE_NEWNS
    | CLONE_NEWPID
    | CLONE_NEWIPC
    | CLONE_NEWUTS
    | CLONE_NEWNET
    | CLONE_NEWCGROUP
)
STUDENT_ID = 1000
OPEN_FILES = 512  # of a sandboxed process
# A message carries up to 253 descriptors: sandboxes may leave their limit behind by some.
OPEN_FILES_OF_GRADER = 16_384  # where the machine allows it
# At the top, where nobody keeps files: over a real home, HOME would hide a course that lies there.
WORK, HOME, KERNEL, SPOOL = "/submission", "/student", "/kernel", "/spool"

# Refused with EPERM: ways to look into another process, to change mounts or namespaces, to reach
# into the kernel. A benign notebook calls none of them.
REFUSED_CALLS = """
    ptrace process_vm_readv process_vm_writev pidfd_getfd kcmp process_madvise
    mount umount2 pivot_root chroot fsopen fsconfig fsmount fspick move_mount open_tree
    mount_setattr unshare setns
    keyctl add_key request_key bpf userfaultfd perf_event_open fanotify_init
    inotify_init inotify_init1 inotify_add_watch
    init_module finit_module delete_module kexec_load kexec_file_load
    open_by_handle_at name_to_handle_at io_uring_setup io_uring_enter io_uring_register
    swapon swapoff reboot acct quotactl settimeofday clock_settime adjtimex clock_adjtime
    iopl ioperm modify_ldt vhangup syslog lookup_dcookie nfsservctl uselib vmsplice
""".split()  # noqa: SIM905
SOCKET_FAMILIES = {1, 2, 10, 16}  # unix, inet, inet6, netlink: all of them namespaced


@cache
def _libc():
    return ctypes.CDLL(None, use_errno=True)


def _check(result, what):
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, f"{what}: {os.strerror(number)}")


def _mount(source, target, kind=None, flags=0, data=None):
    encode = lambda text: None if text is None else str(text).encode()  # noqa: E731
    _check(
        _libc().mount(
            encode(source), encode(target), encode(kind), ctypes.c_ulong(flags), encode(data)
        ),
        f"mount {target}",
    )


def enter_namespaces() -> None:
    """Leave every namespace of the parent; the next fork is process 1 of the new one."""
    uid, gid = os.getuid(), os.getgid()
    _check(_libc().unshare(NAMESPACES), "unshare")
    Path("/proc/self/setgroups").write_text("deny")
    Path("/proc/self/uid_map").write_text(f"{STUDENT_ID} {uid} 1")
    Path("/proc/self/gid_map").write_text(f"{STUDENT_ID} {gid} 1")


def private_file_system(kernel: str, disk: int, masked: Mapping[str, str | None]) -> None:
    """Show this submission its own files and nothing of the others.

    Args:
        kernel: name of the folder in the spool that holds this submission's sockets and files.
        disk: size in bytes of the one tmpfs that every writable folder lies in.
        masked: {path: text}; a reader of the path finds the text instead of the file, and with
            None an empty folder.
    """
    _mount("none", "/", flags=MS_REC | MS_PRIVATE)
    kept = _mounts_below("/tmp")
    _mount(f"{SPOOL}/{kernel}", KERNEL, flags=MS_BIND)
    _mount("tmpfs", SPOOL, "tmpfs", MS_NOSUID | MS_NODEV, f"size={disk},mode=755")
    private = Path(SPOOL)
    for name in ("work", "home", "tmp", "shm", "mask", "proc"):
        (private / name).mkdir()
    files = Path(KERNEL, "files")
    if files.is_dir():
        shutil.copytree(files, private / "work", dirs_exist_ok=True)
    texts = sorted({text for text in masked.values() if text is not None})
    stand_ins = {text: private / "mask" / str(number) for number, text in enumerate(texts)}
    for text, stand_in in stand_ins.items():
        stand_in.write_text(text)
    stand_ins[None] = private / "mask" / "folder"
    stand_ins[None].mkdir()
    _mount(private / "mask", private / "mask", flags=MS_BIND)
    _mount(private / "mask", private / "mask", flags=MS_BIND | MS_REMOUNT | MS_RDONLY)
    for path, text in masked.items():  # read-only as the folder that they come from
        _mount(stand_ins[text], path, flags=MS_BIND)
    # A course may lie in /tmp: its libraries are shown in the new one too, read-only as ever.
    for place in kept:
        shown = private / place.lstrip("/")
        folder = os.path.isdir(place)
        (shown if folder else shown.parent).mkdir(parents=True, exist_ok=True)
        if not folder:
            shown.touch()
        _mount(place, shown, flags=MS_BIND | MS_REC)
    # A new /proc cannot be mounted here (bubblewrap's is not fully visible), and bubblewrap's own
    # shows the other submissions. What a library may look at is bound into an empty one.
    proc = private / "proc"
    (proc / "self").mkdir()
    _mount("/proc/self", proc / "self", flags=MS_BIND)
    names = ("cpuinfo", "meminfo", "stat", "uptime", "loadavg")
    for name in (*names, *nvidia.PROC) if nvidia.is_shown() else names:
        if os.path.isdir(f"/proc/{name}"):
            (proc / name).mkdir(parents=True)
        elif os.path.exists(f"/proc/{name}"):
            (proc / name).touch()
        else:
            continue
        _mount(f"/proc/{name}", proc / name, flags=MS_BIND)
    # Bound, not moved: the folder behind must stay out of reach once /spool is covered.
    _mount(proc, "/proc", flags=MS_BIND | MS_REC)
    for name, place in (("work", WORK), ("home", HOME), ("tmp", "/tmp"), ("shm", "/dev/shm")):
        _mount(private / name, place, flags=MS_BIND | MS_REC)
    _mount("tmpfs", SPOOL, "tmpfs", MS_NOSUID | MS_NODEV | MS_RDONLY, "size=4k,mode=000")
    os.chdir(WORK)


def _mounts_below(folder):
    """Where something is mounted below a folder: the outermost places alone, sorted."""
    lines = Path("/proc/self/mountinfo").read_text().splitlines()
    places = sorted(line.split()[4].replace("\\040", " ") for line in lines)
    outermost = []
    for place in places:
        if place.startswith(f"{folder}/") and not any(
            place.startswith(f"{other}/") for other in outermost
        ):
            outermost.append(place)
    return outermost


def seal() -> None:
    """Make the folder of the sockets read-only: the one place left that lies on a real disk."""
    flags = MS_BIND | MS_REMOUNT | MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC
    _mount("none", KERNEL, flags=flags)


def limit_resources(limits: Mapping[str, float]) -> None:
    """Set the rlimits; the memory limit counts from what the fork has mapped already."""
    import resource  # here, so that this module can be imported where there is no such thing

    sizes = [int(pages) for pages in Path("/proc/self/statm").read_text().split()]
    # CUDA reserves addresses by the terabyte: beside a card what can be written to counts.
    counted, pages = resource.RLIMIT_AS, sizes[0]
    if nvidia.is_shown():
        counted, pages = resource.RLIMIT_DATA, sizes[5]
    cpu = limits["total_seconds"] * (os.cpu_count() or 1)
    for what, value in (
        (counted, pages * resource.getpagesize() + limits["memory"]),
        (resource.RLIMIT_NPROC, limits["processes"]),
        (resource.RLIMIT_FSIZE, limits["disk"]),
        (resource.RLIMIT_CPU, cpu),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_NOFILE, min(OPEN_FILES, resource.getrlimit(resource.RLIMIT_NOFILE)[1])),
        (resource.RLIMIT_SIGPENDING, 1024),
        (resource.RLIMIT_MSGQUEUE, 0),
        (resource.RLIMIT_MEMLOCK, 0),
    ):
        resource.setrlimit(what, (value, value))


def keep_ahead_of_sandboxes() -> None:
    """Have this process hold more open files than a sandboxed one may.

    Where the grader is no root, what it starts has its user id, and Linux counts by user: the
    descriptors on their way through unix sockets, all processes together, must stay below the
    sender's own RLIMIT_NOFILE. Sandboxed processes stop at theirs, and the grader can still send.

    Raises:
        OSError: the machine allows the grader too few open files for that.
    """
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    unlimited = resource.RLIM_INFINITY
    if hard != unlimited and hard < 2 * OPEN_FILES:
        raise OSError(
            f"only {hard:,} open files are allowed here (ulimit -Hn), grading needs "
            f"{2 * OPEN_FILES:,}"
        )
    wanted = OPEN_FILES_OF_GRADER if hard == unlimited else min(hard, OPEN_FILES_OF_GRADER)
    if soft != unlimited and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def drop_privileges() -> None:
    """Give up every capability of the new namespaces, for good."""
    _check(_libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
    for capability in range(64):
        _libc().prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)  # _LINUX_CAPABILITY_VERSION_3, this process
    _check(_libc().capset(header, (ctypes.c_uint32 * 6)()), "capset")


def die_with_parent() -> None:
    """Have the kernel end this process when its parent ends."""
    _check(_libc().prctl(PR_SET_PDEATHSIG, 9, 0, 0, 0), "pdeathsig")


def seccomp_filter() -> Any:
    """Build the filter (in the server, once); `load` it in the fork."""
    import pyseccomp

    refused = pyseccomp.ERRNO(1)  # EPERM
    rules = pyseccomp.SyscallFilter(pyseccomp.ALLOW)
    for name in REFUSED_CALLS:
        try:
            rules.add_rule(refused, name)
        except (OSError, ValueError):
            continue  # a call this architecture does not have
    new = NAMESPACES | CLONE_NEWTIME
    for bit in (1 << place for place in range(32) if new >> place & 1):
        rules.add_rule(refused, "clone", pyseccomp.Arg(0, pyseccomp.MASKED_EQ, bit, bit))
    # clone3 hides its flags behind a pointer; with ENOSYS the C library falls back to clone.
    rules.add_rule(pyseccomp.ERRNO(38), "clone3")
    top = max(SOCKET_FAMILIES)
    for family in range(top):
        if family not in SOCKET_FAMILIES:
            rules.add_rule(refused, "socket", pyseccomp.Arg(0, pyseccomp.EQ, family))
    rules.add_rule(refused, "socket", pyseccomp.Arg(0, pyseccomp.GT, top))
    return rules
