"""Put on the path of every Python process that a test starts: notes each attempt to reach another machine, by address or by name, in the file ATTEMPTS."""

import os
import sys

NAMES = ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr")
ADDRESSES = ("socket.connect", "socket.sendto", "socket.sendmsg")
HERE = ("", "localhost", "::1", "0.0.0.0", "::", "None")


def watch(event, args):  # type: ignore[no-untyped-def]
    if event in NAMES:
        asked = args[0]
    elif event in ADDRESSES and isinstance(args[1], tuple):  # a path is a socket of this machine
        asked = args[1][0]
    else:
        return
    asked = asked.decode() if isinstance(asked, bytes) else str(asked)
    if asked not in HERE and not asked.startswith("127."):
        told = os.open(os.environ["ATTEMPTS"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
        os.write(told, f"{event} {asked} {' '.join(sys.orig_argv)[:200]!r}\n".encode())
        os.close(told)


if "ATTEMPTS" in os.environ:
    sys.addaudithook(watch)
