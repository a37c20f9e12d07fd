"""Keeps what a process holds of a visitor out of core dumps, out of swap, and out of memory it has let go of.

Three things, for every profile: the process cannot be dumped nor read by another of its user, its pages stay in
memory, and `WIPES_WHAT_IS_FREED` makes the allocator overwrite every block that is freed. The reasons are in
docs/explanation/privacy.md.
"""

from __future__ import annotations

import ctypes
import gc
import os
import resource

from kiosk import logs

WIPES_WHAT_IS_FREED = {
    # small objects come from malloc too, not from pools of Python's own
    "PYTHONMALLOC": "malloc",
    # free() overwrites, which it does not for blocks kept in a thread's cache; stacks go with their threads
    "GLIBC_TUNABLES": "glibc.malloc.perturb=165:glibc.malloc.tcache_count=0:glibc.pthread.stack_cache_size=0",
}
"""Environment that must be there before the interpreter starts; the units and the supervisor set it."""

_PR_SET_DUMPABLE = 4
_MCL_CURRENT, _MCL_FUTURE, _MCL_ONFAULT = 1, 2, 4
_libc = ctypes.CDLL(None, use_errno=True)


def protect_memory() -> None:
    """Call first thing in a process; what cannot be had is logged as a warning. Raises: OSError if dumpable."""
    _never_dump()
    if not _stay_in_memory():
        logs.event("memory_may_be_swapped", level="warning")
    if any(os.environ.get(name) != value for name, value in WIPES_WHAT_IS_FREED.items()):
        logs.event("freed_memory_not_wiped", level="warning")


def let_go() -> None:
    """Call when a visit has ended: what only refers to itself is freed, and so overwritten, now."""
    gc.collect()


def _never_dump() -> None:
    """No core dump, whatever core_pattern says: a limit of 0 does not stop one that is piped to a program, core(5).

    A process that is not dumpable also has /proc/PID/mem for root only, and nobody may ptrace it: prctl(2).
    """
    if resource.getrlimit(resource.RLIMIT_CORE) != (0, 0):
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if _libc.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "PR_SET_DUMPABLE")


def _stay_in_memory() -> bool:
    """Lock all pages as they come into use, mlockall(2); False where the process may not.

    Under a finite limit the first allocation beyond it would fail, in the middle of a visit. So either there is no
    limit, or it becomes 0: then only whoever has CAP_IPC_LOCK, for whom none counts, gets anything locked.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_MEMLOCK)
    if soft != resource.RLIM_INFINITY:
        resource.setrlimit(resource.RLIMIT_MEMLOCK, (0, hard))
    return bool(_libc.mlockall(_MCL_CURRENT | _MCL_FUTURE | _MCL_ONFAULT) == 0)
