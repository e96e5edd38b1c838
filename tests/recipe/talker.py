#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-only
"""Server of a mail site, as far as checks can tell: talker.py READY NAME PEM.

Says on each port, in the port's own protocol, NAME and the client's address as
it sees it. PEM is the certificate with its key. Makes the file READY when it
listens.
"""

import socketserver
import ssl
import sys
import threading

GREETING = {25: "220 {}", 110: "+OK {}", 143: "* OK {}",
            993: "* OK {}", 995: "+OK {}",
            135: "{}", 60200: "{}", 60201: "{}"}
WEB = {80, 443}
TLS = {443, 993, 995}

ready, name, pem = sys.argv[1:]
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain(pem)


class Talk(socketserver.StreamRequestHandler):
    """One client."""

    def setup(self):
        self.port = self.server.server_address[1]
        if self.port in TLS:
            self.request = context.wrap_socket(self.request, server_side=True)
        super().setup()

    def say(self, text):
        """A line."""
        self.wfile.write(text.encode() + b"\r\n")

    def handle(self):
        who = name + " " + self.client_address[0].removeprefix("::ffff:")
        if self.port in WEB:
            while self.rfile.readline().strip():
                pass
            self.say("HTTP/1.0 200 OK\r\nConnection: close\r\n\r\n" + who)
            return
        self.say(GREETING[self.port].format(who))
        for line in self.rfile:
            words = line.decode().upper().split() or [""]
            if self.port in (143, 993):
                self.say("* BYE" if "LOGOUT" in words else "* CAPABILITY")
                self.say(words[0] + " OK")
            elif self.port in (110, 995):
                self.say("+OK")
            else:
                self.say("221 bye" if words[0] == "QUIT" else "250 ok")
            if {"QUIT", "LOGOUT"} & set(words):
                return


class Server(socketserver.ThreadingTCPServer):
    """One port of all addresses."""
    allow_reuse_address = True
    daemon_threads = True
    request_queue_size = 64

    def handle_error(self, request, client_address):
        """Checks end as they like."""


for port in WEB | set(GREETING):
    server = Server(("", port), Talk)
    threading.Thread(target=server.serve_forever).start()
with open(ready, "w", encoding="ascii"):
    pass
