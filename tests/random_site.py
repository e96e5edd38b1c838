#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-only
#
# random_site.py SEED [VIPS] - a site as lines of lbctl apply, valid and of all
# that there is, with free text that needs every kind of quoting. Two seeds have
# many names in common.

import random
import sys

PIECES = ["a", "Z", "0", " ", "  ", "'", '"', "\\", "#", "\r", "\n", "\t", "\x01",
          "\x7f", "ä", "€", "𝄞", "=", ",", "*", "$", "@", "\u00a0"]
TIMES = ["1s", "2500ms", "90", "5m", "2h", "3d"]
PORTS = ["25", "443,80", "any", "135,60200-60201", "1-65535", "143,993,144"]


def inner(text):
    """A value of a check's arguments: in double quotes, as lex.h has it."""
    out = ""
    for c in text:
        if c in '\\"':
            out += "\\" + c
        elif c in "\r\n\t":
            out += "\\" + {"\r": "r", "\n": "n", "\t": "t"}[c]
        elif ord(c) < 32 or ord(c) == 127:
            out += "\\x%02x" % ord(c)
        else:
            out += c
    return '"' + out + '"'


def word(rng, text):
    """A word of a file, quoted in one of the ways that are possible."""
    if "'" not in text and rng.random() < 0.6:
        return "'" + text + "'"
    return inner(text)


def maybe(rng, text, chance=0.3):
    return " " + text if rng.random() < chance else ""


def address(rng, six, last):
    return "fd30::%x" % last if six else "192.168.%d.%d" % (30 + last // 250,
                                                          last % 250 + 1)


def check(rng, udp):
    text = "".join(rng.choices(PIECES, k=rng.randint(1, 12)))
    kind = rng.choice(["tcp", "http", "send", "icmp", "off", "external", "dns"])
    if udp:
        kind = rng.choice(["icmp", "off", "external", "dns"])
    if kind == "dns":
        kind = "dns port 53 args 'name=example.org'"
    elif kind == "http":
        kind = "http port 80 args " + word(rng, "body=" + inner(text))
    elif kind == "send":
        kind = "send-expect port 25 args " + word(
            rng, "send=" + inner(text) + " expect='x y'")
    elif kind == "tcp":
        kind = "tcp port " + rng.choice(["25", "80,81", "1"])
    return ("check " + kind + maybe(rng, "interval 10s") +
            maybe(rng, "fast 500ms") + maybe(rng, "timeout 2s") +
            maybe(rng, "rise %d" % rng.randint(1, 5)) +
            maybe(rng, "fall 7") + maybe(rng, "guard 50") +
            maybe(rng, "agent 8000"))


def vip(rng, number, lines):
    six = rng.random() < 0.3
    protos = rng.choice(["tcp", "udp", "tcp,udp"])
    mode = rng.choice(["dr", "nat", "snat"])
    name = "V%d" % number
    where = "fd99::%x" % number if six else "10.9.9.%d" % number
    persist = rng.random() < 0.5
    allow = (["fd00::/8", "fd01::1-fd01::9,fd02::7"] if six else
             ["10.0.0.0/8", "192.0.2.50-60,192.0.2.9", "0.0.0.0/0"])
    source = ["fd99::aa", "fd99::bb,fd99::aa"] if six else [
        "192.168.30.5", "192.168.30.6,192.168.30.5"]
    lines.append(
        "vip add %s %s %s %s mode %s sched %s" % (
            name, where, protos, rng.choice(PORTS), mode,
            rng.choice(["wrr", "rr", "wlc", "lc", "sh", "mh"])) +
        (" persist " + rng.choice(TIMES) if persist else "") +
        maybe(rng, "mask %d" % rng.choice([8, 24, 32])) +
        maybe(rng, "idle " + rng.choice(TIMES)) +
        maybe(rng, "allow " + rng.choice(allow)) +
        maybe(rng, "orphan " + rng.choice(["rst", "drop", "keep"])) +
        maybe(rng, "no-real " + rng.choice(["rst", "drop", "icmp"])) +
        maybe(rng, "fallback " + ("fd99::9999" if six else "192.168.99.9")) +
        maybe(rng, "hook " + rng.choice(["early", "input"])) +
        maybe(rng, "slow-start " + rng.choice(TIMES)) +
        maybe(rng, "seed %x" % rng.getrandbits(64)) +
        maybe(rng, "source " + rng.choice(source)) +
        maybe(rng, check(rng, protos == "udp"), 0.6))
    reals = rng.sample(range(1, 60), rng.randint(0, 6))
    for place in reals:
        lines.append(
            "real add %s R%d %s" % (name, place, address(rng, six, place)) +
            maybe(rng, "weight %d" % rng.choice([0, 1, 100, 65535])) +
            maybe(rng, "max-conns %d" % rng.choice([0, 1, 4294967295])) +
            " state " + rng.choice(["online", "drain", "halt"]) +
            maybe(rng, check(rng, protos == "udp")))
    if persist and reals and rng.random() < 0.6:
        lines.append("persist add vip %s src %s real R%d forever" % (
            name, "fd55::1" if six else "192.0.2.77", rng.choice(reals)))


def main():
    rng = random.Random(int(sys.argv[1]))
    lines = []
    for number in rng.sample(range(1, 12),
                             int(sys.argv[2]) if len(sys.argv) > 2 else 6):
        vip(rng, number, lines)
    rng.shuffle(lines)
    if rng.random() < 0.5:
        lines.append("global set seed %x limit reals %d" % (
            rng.getrandbits(64), rng.randint(1000, 60000)))
    if rng.random() < 0.5:
        lines.append("global set partner 02:00:00:00:30:03")
    sys.stdout.reconfigure(encoding="utf-8", newline="")
    end = rng.choice(["\n", "\r\n"])
    sys.stdout.write(end.join(lines) + end)


main()
