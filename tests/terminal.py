#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""terminal.py KEYS COMMAND [ARG...] - runs a command on a terminal of 100x20, or
of as many columns as the environment's TERMINAL_COLUMNS says.

What it writes goes to stdout; what comes through the named pipe KEYS it reads
as if it was typed. The exit status is its own.
"""

import fcntl
import os
import pty
import select
import struct
import sys
import termios


def relay(master, keys):
    """Copy both ways until the command has closed its terminal."""
    while True:
        ready, _, _ = select.select([master, keys], [], [])
        if keys in ready:
            os.write(master, os.read(keys, 256))
        if master not in ready:
            continue
        try:
            data = os.read(master, 65536)
        except OSError:
            return
        if not data:
            return
        os.write(1, data)


def main():
    """Run the command."""
    pid, master = pty.fork()
    if not pid:
        os.environ["TERM"] = "vt100"
        columns = int(os.environ.get("TERMINAL_COLUMNS", "100"))
        fcntl.ioctl(0, termios.TIOCSWINSZ,
                    struct.pack("HHHH", 20, columns, 0, 0))
        os.execvp(sys.argv[2], sys.argv[2:])
    relay(master, os.open(sys.argv[1], os.O_RDWR))
    sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))


main()
