"""The outer wall: starts the fork server inside bubblewrap and keeps it alive.

The sandbox sees the system's programs and libraries, this Python environment and the packages a
notebook imports, all read-only; a home that is empty; no network; none of the caller's environment.
"""

from __future__ import annotations

import compileall
import contextlib
import importlib.util
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from autograder.sandbox import control_groups, isolation, nvidia
from autograder.sandbox.isolation import HOME, KERNEL, SPOOL, WORK

NOBODY = 65534
SYSTEM = ("/usr", "/lib", "/lib32", "/lib64", "/bin", "/sbin")
SETTINGS = ("/etc/ld.so.cache", "/etc/ld.so.conf", "/etc/ld.so.conf.d", "/etc/localtime")
SETTINGS += ("/etc/alternatives", "/etc/fonts", "/sys/devices/system/cpu")
OURS = ("autograder", "checked_call")  # packages that run inside, too
START_SECONDS = 300  # of the wall clock, of which a busy machine may need many


class SandboxError(RuntimeError):
    """The sandbox could not be put up; the message says why."""


def missing() -> list[str]:
    """Why no sandbox can be put up here, in words; an empty list when one can."""
    reasons = []
    if not sys.platform.startswith("linux"):
        return [f"namespaces and bubblewrap exist on Linux only, this is {sys.platform}"]
    if not shutil.which("bwrap"):
        reasons.append("bubblewrap is not installed (apt install bubblewrap)")
    try:
        import pyseccomp  # noqa: F401
    except (ImportError, RuntimeError, OSError) as error:
        reasons.append(f"seccomp's library cannot be loaded (apt install libseccomp2): {error}")
    if os.geteuid() == 0 and not shutil.which("setpriv"):
        reasons.append("setpriv is not installed (apt install util-linux)")
    try:
        if int(Path("/proc/sys/user/max_user_namespaces").read_text()) == 0:
            reasons.append("user namespaces are switched off (sysctl user.max_user_namespaces)")
    except (OSError, ValueError):
        reasons.append("this Linux has no user namespaces")
    return reasons


def environment() -> dict[str, str]:
    """All the environment variables that a sandboxed process finds."""
    variables = {
        "PATH": f"{os.path.realpath(sys.prefix)}/bin:/usr/bin:/bin",
        "HOME": HOME,
        "USER": "student",
        "LANG": "C.UTF-8",
        "PYTHONDONTWRITEBYTECODE": "1",
        "OMP_WAIT_POLICY": "PASSIVE",  # idle threads of torch leave the cores to others
        # matplotlib reads it when it is imported; ipykernel sets it later, and the examiner never.
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "MPLCONFIGDIR": "/tmp/.matplotlib",  # the server may write there, and so may each fork
        "XDG_CACHE_HOME": "/tmp/.cache",  # fontconfig's
        "PYDEVD_DISABLE_FILE_VALIDATION": "1",  # the debugger is not to talk of frozen modules
    }
    if "TZ" in os.environ:
        variables["TZ"] = os.environ["TZ"]
    return variables


def package_files(name: str) -> list[str]:
    """Where an importable package lies: its folder, or the modules of it that may be seen."""
    spec = importlib.util.find_spec(name)
    if spec is None:
        return []
    return [os.path.realpath(place) for place in spec.submodule_search_locations or [spec.origin]]


def _compile(packages):
    """Compile what submissions import: inside nothing can be written, and each would do it anew."""
    for place in (place for package in packages for place in package_files(package)):
        if os.path.isdir(place):
            compileall.compile_dir(place, quiet=2)


def _command(spool, packages, password_fd, card=None):
    arguments = ["bwrap", "--unshare-ipc", "--unshare-pid", "--unshare-net", "--unshare-uts"]
    arguments += ["--unshare-cgroup-try", "--die-with-parent", "--new-session", "--clearenv"]
    arguments += ["--hostname", "submission", "--cap-drop", "ALL"]
    root = os.geteuid() == 0
    if root:  # root becomes nobody inside, so that not even root's own files can be changed
        arguments += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID"]
    else:
        arguments += ["--unshare-user"]
    for name, value in environment().items():
        arguments += ["--setenv", name, value]
    for place in SYSTEM:
        if os.path.islink(place):
            arguments += ["--symlink", os.readlink(place), place]
        elif os.path.isdir(place):
            arguments += ["--ro-bind", place, place]
    arguments += ["--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs", "/tmp"]
    if card is not None:
        arguments += nvidia.binds(card)
    shown = {place for place in SETTINGS if os.path.exists(place)}
    prefixes = (sys.prefix, sys.base_prefix)
    shown |= {os.path.realpath(place) for place in prefixes}
    shown |= {place for place in prefixes if os.pardir not in Path(place).parts}
    shown |= {place for package in packages for place in package_files(package)}
    shown |= set(nvidia.files()) if card is not None else set()
    shown = sorted(place for place in shown if not place.startswith("/usr/"))
    # bubblewrap makes missing parents for their owner alone; nobody must be able to pass.
    folders = {str(folder) for place in [*shown, "/etc/passwd"] for folder in Path(place).parents}
    for folder in sorted(folders - {"/"}) + ["/home", WORK, HOME, KERNEL, SPOOL]:
        arguments += ["--dir", folder]
    for place in shown:
        arguments += ["--ro-bind", place, place]
    arguments += ["--ro-bind-data", str(password_fd), "/etc/passwd"]
    arguments += ["--bind", spool, SPOOL, "--chdir", "/"]
    # The root of the sandbox is a tmpfs of its own: nothing is written to it from here on.
    arguments += ["--remount-ro", "/", "--"]
    if root:
        arguments += ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        arguments += ["--bounding-set=-all", "--no-new-privs", "--"]
    return arguments


def _python():
    """This environment's Python, by a path that exists inside too: without links and `..`."""
    folder, name = os.path.split(sys.executable)
    return os.path.join(os.path.realpath(folder), name)


def _remove_leftovers():
    """Remove what a process left that was killed before it could."""
    control_groups.sweep_old()
    for place in Path(tempfile.gettempdir()).glob("autograder-*-*"):
        process = place.name.split("-")[1]
        if process.isdigit() and not os.path.exists(f"/proc/{process}"):
            shutil.rmtree(place, ignore_errors=True)


def _log():
    """Where the server's own words go; its starter closes it."""
    return tempfile.TemporaryFile()


def readable(descriptor: int, seconds: float) -> bool:
    """Whether there is something to read; select knows no descriptors above 1023."""
    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    return bool(poll.poll(1000 * seconds))


def _keep_ahead():
    try:
        isolation.keep_ahead_of_sandboxes()
    except (OSError, ValueError) as problem:
        raise SandboxError(str(problem)) from problem


@cache
def _starter(process):
    """A thread that lives as long as this process does.

    "Dies with its parent" means the thread that started it: a server started from a thread that
    ends, as an event loop's do, would be killed with that thread.
    """
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix=f"fork-server-{process}")


class ForkServer:
    """A fork server behind the outer wall; started when first used, again when it has died.

    Args:
        packages: names of the packages outside the Python environment that notebooks import.
        card: number of the NVIDIA card that submissions see; None shows none.

    Attributes:
        libraries: of `kernel.LATER`, those that submissions were seen to use.
    """

    def __init__(self, packages=("course",), card=None):
        self.packages, self.card, self.libraries = tuple(packages), card, set()
        self.spool = self.process = None
        self._lock = threading.Lock()
        self._owner = None

    @property
    def alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    def start(self) -> None:
        """Start the server unless it runs.

        Raises:
            SandboxError: it cannot be started; the message holds the reason.
        """
        with self._lock:
            if self.alive and self._owner == os.getpid():
                return
            self._close()
            reasons = missing()
            if self.card is not None:
                reasons += filter(None, [nvidia.missing(self.card)])
            if reasons:
                raise SandboxError("; ".join(reasons))
            _keep_ahead()
            _remove_leftovers()
            # The outer folder is the grader's alone: not even another process of nobody's gets in.
            self.spool = os.path.join(tempfile.mkdtemp(prefix=f"autograder-{os.getpid()}-"), "s")
            os.mkdir(self.spool, 0o700)
            if os.geteuid() == 0:
                os.chown(self.spool, NOBODY, NOBODY)
            self._owner = os.getpid()
            _starter(self._owner).submit(self._launch).result()

    def _launch(self):
        ready, ready_child = os.pipe()
        password, password_child = os.pipe()
        os.write(password_child, f"student:x:1000:1000::{HOME}:/bin/sh\n".encode())
        os.close(password_child)
        command = _command(self.spool, (*OURS, *self.packages), password, self.card)
        command += [_python(), "-I", "-m", "autograder.sandbox.fork_server"]
        command += [f"{SPOOL}/server.sock", str(ready_child)]
        log = _log()
        try:
            self.process = subprocess.Popen(
                command,
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                pass_fds=(ready_child, password),
                env={"PATH": os.environ.get("PATH", os.defpath)},
            )
        finally:
            os.close(ready_child)
            os.close(password)
        try:
            _compile(self.packages)  # while the server loads its libraries
            waiting = readable(ready, START_SECONDS)
            if not waiting or not os.read(ready, 16):
                raise SandboxError(f"the fork server did not start: {self._why(waiting, log)}")
        finally:
            os.close(ready)
            log.close()

    def _why(self, ended, log):
        """In words, why the server is not ready: how it ended, and what it said."""
        if ended:
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(5)
        code = self.process.poll()
        self.process.kill()
        self.process.wait()
        log.seek(0)
        said = log.read().decode(errors="replace").strip()[-2000:]
        if code is None:
            how = f"it was not ready after {START_SECONDS} s"
        elif code < 0:
            how = f"it was ended by signal {-code} ({signal.Signals(-code).name})"
        else:
            how = f"it ended with code {code}"
        return f"{how}; it said: {said}" if said else f"{how}, and said nothing"

    @property
    def socket(self) -> str:
        return os.path.join(self.spool, "server.sock")

    def folder(self) -> str:
        """Make the folder of one more submission; returns its path outside."""
        folder = tempfile.mkdtemp(prefix="k", dir=self.spool)
        if os.geteuid() == 0:
            os.chown(folder, NOBODY, NOBODY)
        return folder

    def _close(self):
        if self.process is not None and self._owner == os.getpid():
            self.process.stdin.close()  # which the server takes for the word to end
            try:
                self.process.wait(5)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        if self.spool is not None and self._owner == os.getpid():
            shutil.rmtree(os.path.dirname(self.spool), ignore_errors=True)
        self.process = self.spool = None

    def close(self) -> None:
        """End the server and every kernel in it."""
        with self._lock:
            self._close()

    def handle(self) -> AdoptedServer:
        """What another process of this machine needs to use this server."""
        self.start()
        return AdoptedServer(self.spool, os.getpid(), self.card)

    def __enter__(self):
        self.start()
        return self

    def __exit__(self, *_):
        self.close()


class AdoptedServer(ForkServer):
    """A fork server that another process of this machine started, and ends."""

    def __init__(self, spool, starter, card=None):
        super().__init__(card=card)
        self.spool, self.starter = spool, starter

    def start(self) -> None:
        if not os.path.exists(self.socket):
            raise SandboxError("the fork server is gone")
        _keep_ahead()

    def close(self) -> None:
        """Nothing here is ours to end."""

    def __reduce__(self):
        return AdoptedServer, (self.spool, self.starter, self.card)
