"""Two files exchange their names at one stroke, and whether anybody still writes into one: what Linux offers for it.

Both may be unknown here: another system, an old kernel, a network's file system. Callers then do without.
"""

from __future__ import annotations

import errno
import fcntl
import os
import signal
from functools import cache
from pathlib import Path
from typing import Any

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2
"""Both: linux/fcntl.h and linux/fs.h; renameat2(2)."""
_NOT_HERE = (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP, errno.EPERM, errno.EXDEV)


def exchange(one: Path, other: Path) -> bool:
    """Each has the other's name now. False, and nothing done, where the system can't. Raises OSError."""
    rename = _renameat2()
    if rename is None:
        return False
    import ctypes

    if rename(_AT_FDCWD, os.fsencode(one), _AT_FDCWD, os.fsencode(other), _RENAME_EXCHANGE) == 0:
        return True
    number = ctypes.get_errno()
    if number in _NOT_HERE:
        return False
    raise OSError(number, os.strerror(number), str(other))


@cache
def _renameat2() -> Any:
    import ctypes

    try:
        return ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError, TypeError):
        return None


def is_being_written(path: Path) -> bool:
    """Whether somebody has the file open for writing, as far as the system tells: editors that save in place do.

    A read lease is given for a file that nobody has open for writing (fcntl(2), F_SETLEASE), and given back at once.
    NFS 4 and SMB refuse one for reasons of their own, in the same words; they exchange no names either.
    """
    if not hasattr(fcntl, "F_SETLEASE"):
        return False
    try:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
    except OSError:
        return False
    try:
        # Who opens it while the lease is held makes the kernel send a signal, which by default would end this process.
        fcntl.fcntl(descriptor, fcntl.F_SETSIG, signal.SIGURG)
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_RDLCK)
    except OSError as error:
        return error.errno == errno.EAGAIN
    else:
        fcntl.fcntl(descriptor, fcntl.F_SETLEASE, fcntl.F_UNLCK)
        return False
    finally:
        os.close(descriptor)
