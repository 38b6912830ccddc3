"""Drives the hot URLs over keep-alive connections: closed loop, fixed rate, or one phase at a time."""

import asyncio
import json
import time
import uuid
from dataclasses import dataclass, field
from typing import Any


class Connection:
    """One HTTP/1.1 connection, with as little client as possible."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.reader: asyncio.StreamReader | None = None
        self.writer: asyncio.StreamWriter | None = None

    async def post(self, path: str, *, token: str, body: dict[str, Any]) -> tuple[int, dict[str, Any]]:
        """Send JSON and return status and JSON."""
        if self.writer is None:
            self.reader, self.writer = await asyncio.open_connection("127.0.0.1", self.port)
        assert self.reader is not None
        data = json.dumps(body).encode()
        head = (
            f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\nContent-Type: application/json\r\n"
            f"Content-Length: {len(data)}\r\n\r\n"
        )
        self.writer.write(head.encode() + data)
        answer = await self.reader.readuntil(b"\r\n\r\n")
        status = int(answer[9:12])
        lowered = answer.lower()
        start = lowered.index(b"content-length:") + 15
        length = int(lowered[start : lowered.index(b"\r\n", start)])
        content = await self.reader.readexactly(length)
        return status, json.loads(content) if content else {}

    def close(self) -> None:
        """Close the connection."""
        if self.writer is not None:
            self.writer.close()


@dataclass
class Tally:
    """What was done and how long it took, in seconds."""

    loops: int = 0
    errors: int = 0
    next_times: list[float] = field(default_factory=list)
    submit_times: list[float] = field(default_factory=list)
    acknowledged: list[str] = field(default_factory=list)


async def loop_once(connection: Connection, *, token: str, tally: Tally, want: int = 1) -> int:
    """Ask for work and answer all of it."""
    began = time.perf_counter()
    status, told = await connection.post("/dispatch/next", token=token, body={"want": want})
    tally.next_times.append(time.perf_counter() - began)
    if status != 200:
        tally.errors += 1
        return 0
    for lease in told["leases"]:
        await submit(connection, token=token, lease=lease["lease"], tally=tally)
    return len(told["leases"])


async def submit(connection: Connection, *, token: str, lease: str, tally: Tally) -> None:
    """Answer one lease."""
    body = {"lease": lease, "key": uuid.uuid4().hex, "answers": {"sentiment": "positive"}, "active_ms": 4000}
    began = time.perf_counter()
    status, told = await connection.post("/dispatch/submit", token=token, body=body)
    tally.submit_times.append(time.perf_counter() - began)
    if status == 200:
        tally.loops += 1
        tally.acknowledged.append(told["annotation"])
    else:
        tally.errors += 1


async def closed_loop(port: int, *, tokens: list[str], connections: int, seconds: float, want: int = 1) -> Tally:
    """Let each connection work for its share of people, as fast as it is answered."""
    tally = Tally()
    stop = time.perf_counter() + seconds

    async def work(number: int) -> None:
        connection = Connection(port)
        mine = tokens[number::connections]
        turn = 0
        while time.perf_counter() < stop:
            await loop_once(connection, token=mine[turn % len(mine)], tally=tally, want=want)
            turn += 1
        connection.close()

    await asyncio.gather(*(work(number) for number in range(connections)))
    return tally


async def fixed_rate(
    port: int, *, empty_port: int, tokens: list[str], connections: int, seconds: float, rate: float
) -> tuple[Tally, list[float]]:
    """Offer loops at a fixed rate, and as many requests to the empty handler between them."""
    tally, empty = Tally(), []
    free = asyncio.Queue[tuple[Connection, Connection]]()
    for _ in range(connections):
        free.put_nowait((Connection(port), Connection(empty_port)))

    async def one(turn: int) -> None:
        real, bare = await free.get()
        began = time.perf_counter()
        await bare.post("/", token="none", body={"want": 1})
        empty.append(time.perf_counter() - began)
        await loop_once(real, token=tokens[turn % len(tokens)], tally=tally)
        free.put_nowait((real, bare))

    began = time.perf_counter()
    tasks = []
    for turn in range(int(rate * seconds)):
        await asyncio.sleep(max(0.0, began + turn / rate - time.perf_counter()))
        tasks.append(asyncio.create_task(one(turn)))
    await asyncio.gather(*tasks)
    return tally, empty
