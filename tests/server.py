#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Server of the tests: server.py READY NAME PROTO/PORT...

Says in one line who it is and which two ends it sees, then echoes. Makes the
file READY when it listens. A datagram is answered from the address that it was
sent to, which need not be one that the kernel would choose.
"""

import selectors
import socket
import sys

selector = selectors.DefaultSelector()


def plain(address):
    """Address of a dual-stack socket as people write it."""
    return address.removeprefix("::ffff:") if "." in address else address


def line(client, local):
    """What the server has to say of a connection or a datagram."""
    return "{} {} {} {} {}\n".format(
        name, plain(client[0]), client[1], plain(local[0]), local[1]).encode()


def accept(listener):
    """Greet a new client."""
    conn, client = listener.accept()
    conn.setblocking(False)
    try:
        conn.send(line(client, conn.getsockname()))
    except OSError:
        conn.close()
        return
    backlog = bytearray()
    selector.register(conn, selectors.EVENT_READ,
                      lambda key, mask: echo(key, mask, backlog))


def echo(conn, mask, backlog):
    """Send back what comes, as fast as it is taken."""
    try:
        if mask & selectors.EVENT_READ:
            data = conn.recv(65536)
            if not data and not backlog:
                raise ConnectionError
            backlog += data
        if backlog:
            del backlog[:conn.send(backlog)]
    except BlockingIOError:
        pass
    except OSError:
        selector.unregister(conn)
        conn.close()
        return
    selector.modify(conn,
                    selectors.EVENT_WRITE if backlog else selectors.EVENT_READ,
                    selector.get_key(conn).data)


def answer(sock):
    """Answer a datagram from where it was sent to."""
    data, ancillary, _, client = sock.recvmsg(65536, 1024)
    info = next(value for level, kind, value in ancillary
                if (level, kind) == (socket.IPPROTO_IPV6,
                                     socket.IPV6_PKTINFO))
    local = socket.inet_ntop(socket.AF_INET6, info[:16])
    back = info[:16] + bytes(4)
    text = line(client, (local, sock.getsockname()[1]))
    try:
        sock.sendmsg([text, data],
                     [(socket.IPPROTO_IPV6, socket.IPV6_PKTINFO, back)],
                     0, client)
    except OSError as error:
        print(error, file=sys.stderr)


def listen(proto, port):
    """Serve a port."""
    tcp = proto == "tcp"
    sock = socket.socket(socket.AF_INET6,
                         socket.SOCK_STREAM if tcp else socket.SOCK_DGRAM)
    sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    if not tcp:
        sock.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_RECVPKTINFO, 1)
    sock.bind(("::", port))
    if tcp:
        sock.listen(1024)
        selector.register(sock, selectors.EVENT_READ,
                          lambda key, mask: accept(key))
    else:
        selector.register(sock, selectors.EVENT_READ,
                          lambda key, mask: answer(key))


ready, name, *services = sys.argv[1:]
for service in services:
    kind, number = service.split("/")
    listen(kind, int(number))
with open(ready, "w", encoding="ascii"):
    pass
while True:
    for ready_key, ready_mask in selector.select():
        ready_key.data(ready_key.fileobj, ready_mask)
