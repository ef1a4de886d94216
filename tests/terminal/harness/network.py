"""A bad line: a network namespace behind a link that is slow and loses packets, where this machine lets us make one.

The kernel's own TCP runs over it; the packets are carried by a thread here, between two tun devices. `tc netem` would
do the same, but few small kernels have it, and its losses can't be repeated: here they follow a seed.
"""

from __future__ import annotations

import fcntl
import heapq
import itertools
import os
import random
import select
import shutil
import struct
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI = 0x0001, 0x1000
MOST_BYTES = 2048


class NoSuchLine(Exception):
    """This machine does not let us make one; the message says why."""


@dataclass
class BadLine:
    """A namespace, its address as seen from here, and what the way there cost so far."""

    name: str
    address: str
    carried: int = 0
    lost: int = 0

    @property
    def within(self) -> tuple[str, ...]:
        """What to write before a command that shall run at the other end."""
        return ("ip", "netns", "exec", self.name)

    def carry(self, here: int, there: int, *, delay: float, loss: float, seed: int, bell: int) -> None:
        """Carry packets both ways, each after so many seconds, but for those that are lost, until the bell rings."""
        chance = random.Random(seed)
        under_way: list[tuple[float, int, int, bytes]] = []
        numbers = itertools.count()
        while True:
            wait = max(0.0, under_way[0][0] - time.monotonic()) if under_way else None
            ready, _, _ = select.select([here, there, bell], [], [], wait)
            if bell in ready:
                return
            for come in set(ready):
                packet = os.read(come, MOST_BYTES)
                if chance.random() < loss:
                    self.lost += 1
                    continue
                due = time.monotonic() + delay
                heapq.heappush(under_way, (due, next(numbers), there if come == here else here, packet))
            while under_way and under_way[0][0] <= time.monotonic():
                *_, onward, packet = heapq.heappop(under_way)
                os.write(onward, packet)
                self.carried += 1


@contextmanager
def bad_line(*, round_trip_ms: int, loss_percent: float, seed: int = 1) -> Iterator[BadLine]:
    """A link with half the delay in each direction, and this share of all packets lost. Raises NoSuchLine."""
    if os.geteuid() != 0 or shutil.which("ip") is None:
        raise NoSuchLine("a network namespace needs root, and ip of iproute2")
    mine = os.getpid()
    subnet = f"10.213.{mine % 250}"
    line = BadLine(f"fdline{mine}", f"{subnet}.2")
    here = there = -1
    try:
        _run("ip", "netns", "add", line.name)
        here, there = _tun(f"fda{mine}"), _tun(f"fdb{mine}")
        _run("ip", "link", "set", f"fdb{mine}", "netns", line.name)
        for name, own, other, words in ((f"fda{mine}", 1, 2, ()), (f"fdb{mine}", 2, 1, line.within)):
            _run(*words, "ip", "addr", "add", f"{subnet}.{own}", "peer", f"{subnet}.{other}", "dev", name)
            _run(*words, "ip", "link", "set", name, "up")
        bell, rope = os.pipe()
        options = {"delay": round_trip_ms / 2000, "loss": loss_percent / 100, "seed": seed, "bell": bell}
        carrier = threading.Thread(target=line.carry, args=(here, there), kwargs=options, name="line", daemon=True)
        carrier.start()
        try:
            yield line
        finally:
            os.write(rope, b"x")
            carrier.join()
            os.close(bell)
            os.close(rope)
    finally:
        for descriptor in (here, there):
            if descriptor != -1:
                os.close(descriptor)
        subprocess.run(["ip", "netns", "del", line.name], capture_output=True, check=False)


def _tun(name: str) -> int:
    try:
        device = os.open("/dev/net/tun", os.O_RDWR | os.O_CLOEXEC)
        fcntl.ioctl(device, TUNSETIFF, struct.pack("16sH14x", name.encode(), IFF_TUN | IFF_NO_PI))
    except OSError as error:
        raise NoSuchLine(f"no tun device: {error}") from error
    return device


def _run(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NoSuchLine(f"{' '.join(words)}: {done.stderr.strip()}")
