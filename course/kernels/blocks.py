"""Lets numba's simulator sleep while the threads of a block work; imported for that alone.

numba's own loop asks all threads again and again how they are, with Python's lock in hand, which
they then wait for most of the time. Here a thread says when it comes to a barrier or to its end.
"""

from __future__ import annotations

import queue

import numpy as np
from numba.cuda.simulator.kernel import BlockManager, BlockThread


def _run_block(block: BlockManager, place: tuple, *arrays) -> None:
    """Run the threads of one block to their end; what one of them raises is raised here."""
    block.news = queue.SimpleQueue()
    threads = [
        BlockThread(lambda: block._f(*arrays), block, place, index, block._debug)
        for index in np.ndindex(*block._block_dim)
    ]
    for thread in threads:
        thread.start()
    living, waiting = set(threads), set()
    while living:
        thread, state = block.news.get()
        if thread.exception:
            for other in threads:
                other.abort = True
                other.syncthreads_event.set()
            error, trace = thread.exception
            raise error.with_traceback(trace)
        if state == "waits":
            waiting.add(thread)
        else:
            living.remove(thread)
        if living == waiting:  # all that have not ended have come to the barrier
            for thread in waiting:
                thread.syncthreads_event.set()
            waiting.clear()
    for thread in threads:
        thread.join()


def _tell_the_block() -> None:
    wait, body = BlockThread.syncthreads, BlockThread.run

    def syncthreads(thread):
        thread._manager.news.put((thread, "waits"))
        wait(thread)

    def run(thread):
        try:
            body(thread)
        finally:
            thread._manager.news.put((thread, "ended"))

    BlockThread.syncthreads, BlockThread.run, BlockManager.run = syncthreads, run, _run_block


_tell_the_block()
