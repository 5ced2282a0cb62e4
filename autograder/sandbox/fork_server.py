"""The fork server, inside the outer wall: libraries loaded once, one fork for each submission.

It listens on a unix socket (SOCK_SEQPACKET, one JSON object a message). A client connects and asks:

    {"kernel": name of the folder in the spool with this submission's sockets and files,
     "program": "module:function" to run in the fork (default: a Jupyter kernel),
     "connection": Jupyter connection info with the paths as seen inside,
     "limits": autograder.sandbox.limits.Limits as a dict, "env": {name: value},
     "refused": [module patterns], "refusal": the message, "masked": {path: text},
     "libraries": what else the next ones will need, of `kernel.LATER`,
     "settings": what else the program needs to know}

File descriptors sent along with the request (SCM_RIGHTS) reach the program as `channels`.
The answers: {"born": true} (SO_PASSCRED tells its sender's process id; the fork waits for the
client's {"go": true}, time to put it into a cgroup), {"ready": true}, and at the end
{"exit": return code}, or {"failed": text} where the fork could not be walled in. The client may
send {"signal": number} to the kernel and its children, or {"kill": true}, at any time. When it
hangs up, or dies, the fork is killed with all its children.

Three processes serve a submission: the *warden* (same namespaces as the server, keeps the
connection), *init* (process 1 of the new namespaces, reaps), and the *kernel*, whose end init
reports as its own exit code. The student's code runs in the kernel and holds no descriptor of the
others.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import select
import signal
import socket
import sys
import traceback

from autograder.sandbox import isolation
from autograder.sandbox.kernel import LATER, load_later, preload
from autograder.sandbox.loading import without_collector

MESSAGE = 1024 * 1024
EXIT_NOT_STARTED = 125
LARGE_PAGE, MADV_COLLAPSE = 2 * 1024**2, 25  # Linux's


def serve(path: str, ready_fd: int) -> None:
    """Serve forks until the starter closes our standard input (or dies, which closes it too)."""
    with without_collector():
        preload()
    rules = isolation.seccomp_filter()
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind(path)
    listener.listen(64)
    _use_large_pages()
    listener.setblocking(False)  # two servers may hear of one connection
    os.write(ready_fd, b"ready\n")
    os.close(ready_fd)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # wakes select so that wardens are reaped
    asked, ask = os.pipe()
    libraries, wanted = set(), set()
    successor = news = None
    accepting = True
    while True:
        if accepting and news is None and wanted - libraries:
            libraries |= wanted  # once: one that cannot be loaded is not tried again
            successor, news = _successor(libraries)
            if successor is None:
                os.close(asked)
                os.close(ask)
                asked, ask = os.pipe()
        sources = [0, asked, *[listener] * accepting, *([] if news is None else [news])]
        awake = select.select(sources, [], [], 1)[0]
        if 0 in awake:
            os._exit(0)  # process 1 of these namespaces goes too, and with it every fork
        if asked in awake:
            wanted |= LATER.keys() & os.read(asked, MESSAGE).decode().split()
        if news in awake:
            accepting = not os.read(news, 1)
            os.close(news)
            news = None
        while True:
            try:
                ended = os.waitpid(-1, os.WNOHANG)[0]
            except ChildProcessError:
                break
            if ended == 0:
                break
            if ended == successor:
                accepting, successor = True, None  # its number may be another's next
        if listener in awake:
            try:
                connection, _ = listener.accept()
            except BlockingIOError:
                continue
            if os.fork() == 0:
                listener.close()
                try:
                    _warden(connection, rules, ask)
                except BaseException:
                    _send(connection, failed=traceback.format_exc())
                finally:
                    os._exit(0)
            connection.close()


def _use_large_pages():
    """Make what is loaded cheap to fork.

    A fork copies an entry for each page: large pages (2 MiB) are fewer. Where Linux is older than
    6.1, or has none to give, they stay small.
    """
    libc = ctypes.CDLL(None)
    with open("/proc/self/maps") as file:
        places = [line.split() for line in file]
    for place, rights, _, _, number, *_ in places:
        if rights.startswith("rw") and number == "0":
            first, end = (int(part, 16) for part in place.split("-"))
            first, end = -(-first // LARGE_PAGE) * LARGE_PAGE, end // LARGE_PAGE * LARGE_PAGE
            if first < end:
                libc.madvise(ctypes.c_void_p(first), ctypes.c_size_t(end - first), MADV_COLLAPSE)


def _successor(libraries):
    """Fork a server that loads libraries while this one serves, and then takes over.

    No connection is lost or served twice meanwhile. Both hold the one listening socket, whose queue
    outlives either: what has come is given by Linux to one `accept`, and the other server, where it
    woke for the same one, goes on. The old server stops accepting only when it has read that the
    new one is ready, and begins again when that one ends; what it has accepted it keeps. It stays
    the new one's parent, so closing their common standard input ends both.

    Returns:
        In the old server its process id, and a descriptor with a byte to read when it accepts (with
        nothing, when it could not); in the new one None twice.
    """
    news, tell = os.pipe()
    process = os.fork()
    if process:
        os.close(tell)
        return process, news
    os.close(news)
    with without_collector():
        load_later(libraries)
    _use_large_pages()
    os.write(tell, b"1")
    os.close(tell)
    return None, None


def _send(connection, **message):
    try:
        connection.send(json.dumps(message).encode())
    except OSError:
        return


def _warden(connection, rules, ask):
    data, descriptors, _, _ = socket.recv_fds(connection, MESSAGE, 8)
    request = json.loads(data)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    if request["libraries"]:
        os.write(ask, (" ".join(request["libraries"]) + "\n").encode())
    os.close(ask)
    _send(connection, born=True)
    if not connection.recv(MESSAGE):
        return
    isolation.enter_namespaces()
    news, tell = os.pipe()
    init = os.fork()
    if init == 0:
        connection.close()
        os.close(news)
        _init(request, descriptors, tell, rules)
    os.close(tell)
    for descriptor in descriptors:
        os.close(descriptor)
    end = os.pidfd_open(init)
    kernel, open_files = None, [connection, news, end]
    while True:
        for source in select.select(open_files, [], [])[0]:
            if source is news:
                report = os.read(news, MESSAGE)
                if not report:
                    open_files.remove(news)
                for line in report.decode(errors="replace").splitlines():
                    word, _, rest = line.partition(" ")
                    if word == "pid":
                        kernel = int(rest)
                    elif word == "ready":
                        _send(connection, ready=True)
                    else:
                        _send(connection, failed=json.loads(rest))
            elif source is connection:
                message = json.loads(connection.recv(MESSAGE) or '{"kill": true}')
                if "kill" in message:
                    signal.pidfd_send_signal(end, signal.SIGKILL)
                elif kernel:
                    _signal_group(kernel, message["signal"])
            else:
                code = os.waitstatus_to_exitcode(os.waitpid(init, 0)[1])
                _send(connection, exit=code - 256 if code > 128 else code)
                return


def _signal_group(process, number):
    try:
        os.killpg(process, number)
    except ProcessLookupError:
        return


def _init(request, channels, tell, rules):
    """Process 1 of the new namespaces: starts the kernel, reaps, ends with the kernel's code.

    A kernel that a signal ended is reported as 256 minus the signal's number.
    """
    isolation.die_with_parent()
    bound, tell_bound = os.pipe()
    sealed, tell_sealed = os.pipe()
    kernel = os.fork()
    if kernel == 0:
        os.close(bound)
        os.close(tell_sealed)
        _kernel(request, channels, tell, rules, tell_bound, sealed)
    _close_all_but({bound, tell_sealed}, 0)
    # The kernel binds its sockets without privileges; then init, which has them, seals the folder.
    if os.read(bound, 1):
        isolation.seal()
        os.write(tell_sealed, b"1")
    isolation.drop_privileges()
    os.closerange(0, 4096)
    while True:
        process, status = os.wait()
        if process == kernel:
            code = os.waitstatus_to_exitcode(status)
            os._exit(256 + code if code < 0 else min(code, 128))


def _kernel(request, channels, tell, rules, tell_bound, sealed):
    code = EXIT_NOT_STARTED
    try:
        os.setsid()
        outside = int(os.readlink("/proc/self"))  # bubblewrap's /proc: the number the warden knows
        isolation.private_file_system(
            request["kernel"], request["limits"]["disk"], request["masked"]
        )
        os.environ.clear()
        os.environ.update(request["env"])
        _only_standard_files({tell, tell_bound, sealed, *channels})
        isolation.limit_resources(request["limits"])
        isolation.drop_privileges()
        rules.load()
        os.write(tell, f"pid {outside}\n".encode())
        module, _, name = request["program"].partition(":")
        program = getattr(importlib.import_module(module), name)

        def ready():
            os.write(tell_bound, b"1")
            if os.read(sealed, 1) != b"1":
                raise OSError("the folder of the sockets could not be made read-only")
            os.write(tell, b"ready\n")
            for number in (tell, tell_bound, sealed):
                os.close(number)

        program(request, [socket.socket(fileno=number) for number in channels], ready)
        code = 0
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 0
    except BaseException:
        if code == EXIT_NOT_STARTED:
            text = json.dumps(traceback.format_exc())
            try:
                os.write(tell, f"failed {text}\n".encode())
            except OSError:
                traceback.print_exc()
    finally:
        os._exit(code & 0xFF)


def _only_standard_files(keep):
    """Close everything inherited except `keep`; standard input, output and error go nowhere."""
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(nowhere, number)
    _close_all_but(keep, 3)


def _close_all_but(keep, first):
    for number in sorted(keep):
        os.closerange(first, number)
        first = number + 1
    os.closerange(first, 4096)


if __name__ == "__main__":
    serve(sys.argv[1], int(sys.argv[2]))
