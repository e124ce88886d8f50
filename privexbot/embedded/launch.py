"""Runs a command as a child that never outlives its parent and, on request, not as root.

``launch.py PARENT SIGNAL MODE COMMAND…``: the kernel sends SIGNAL to COMMAND when PARENT dies.
MODE is ``same``; ``namespace``: we become "nobody" inside a user namespace of its own, files
stay ours; or ``nobody``: the user "nobody" in earnest, who may still read what root may.
Run by the plain interpreter before anything else is imported, hence the standard library only.
"""

import ctypes
import os
import sys

NOBODY = 65534
CLONE_NEWUSER = 0x10000000
PR_SET_PDEATHSIG, PR_SET_KEEPCAPS, PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE = 1, 8, 47, 2
CAP_DAC_OVERRIDE = 1
CAPABILITY_VERSION_3 = 0x20080522
CANNOT_ENTER_NAMESPACE = 97

LINUX = sys.platform == "linux"
_libc = ctypes.CDLL(None, use_errno=True)


def enter_namespace() -> None:
    """Be "nobody" in a new user namespace in which that is our own user."""
    uid, gid = os.getuid(), os.getgid()
    if not LINUX or _libc.unshare(CLONE_NEWUSER) != 0:
        sys.exit(CANNOT_ENTER_NAMESPACE)
    try:
        for name, text in (
            ("setgroups", "deny"),
            ("uid_map", f"{NOBODY} {uid} 1"),
            ("gid_map", f"{NOBODY} {gid} 1"),
        ):
            with open(f"/proc/self/{name}", "w") as file:  # noqa: PTH123 (pathlib is slow to load)
                file.write(text)
    except OSError:
        sys.exit(CANNOT_ENTER_NAMESPACE)


def become_nobody() -> None:
    """Give up root for good, keeping only the right to reach files in folders closed to others."""
    if LINUX:
        _libc.prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)
    os.setgroups([])
    os.setgid(NOBODY)
    os.setuid(NOBODY)
    if LINUX:
        keep_capability(1 << CAP_DAC_OVERRIDE)


def keep_capability(mask: int) -> None:
    """Keep ``mask`` across the coming exec, if we have it at all."""
    header = (ctypes.c_uint32 * 2)(CAPABILITY_VERSION_3, 0)
    data = (ctypes.c_uint32 * 6)(mask, mask, mask, 0, 0, 0)
    if _libc.capset(header, data) == 0:
        _libc.prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_DAC_OVERRIDE, 0, 0)


def die_with(parent: int, signal: int) -> None:
    """Ask the kernel for ``signal`` when ``parent`` dies; leave at once if it has died already."""
    if LINUX:
        _libc.prctl(PR_SET_PDEATHSIG, signal, 0, 0, 0)
    if os.getppid() != parent:
        sys.exit(1)


def main() -> None:
    parent, signal, mode, *command = sys.argv[1:]
    if mode == "namespace":
        enter_namespace()
    elif mode == "nobody":
        become_nobody()
    die_with(int(parent), int(signal))
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
