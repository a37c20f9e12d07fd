"""Carries out buffered ESC/POS commands. Epson ESC/POS Command Reference; the commands' names as there."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from printer.simulated.paper import Paper

DLE, ESC, GS = 0x10, 0x1B, 0x1D
DOTS_PER_INCH, HALF_DOTS_PER_INCH = 203, 406
DEFAULT_LINE_HALF_DOTS = 60


class Incomplete(Exception):
    """The buffer ends within a command."""


class Interpreter:
    """Takes whole commands from the front of a buffer.

    `on_request` is called for what the host wants to know: ("paper", n) for GS r, ("process", id) for GS ( H,
    ("automatic", n) for GS a. Bytes that are no command it knows are kept in `unknown`.
    """

    def __init__(self, paper: Paper, on_request: Callable[[str, bytes], None]) -> None:
        self._paper, self._on_request = paper, on_request
        self.buffer, self.unknown, self._needed = bytearray(), bytearray(), 1
        self._short: dict[tuple[int, int], tuple[int, Callable[[bytes], None]]] = {
            (ESC, ord("@")): (0, self._initialise),
            (ESC, ord("2")): (0, lambda _: self._set_line(DEFAULT_LINE_HALF_DOTS)),
            (ESC, ord("3")): (1, lambda p: self._set_line(self._half_dots(p[0]))),
            (ESC, ord("J")): (1, lambda p: self._feed(self._half_dots(p[0]))),
            (ESC, ord("d")): (1, lambda p: self._feed(self._line * p[0])),
            (ESC, ord("$")): (2, self._absolute_position),
            (ESC, ord("a")): (1, self._justify),
            (GS, ord("P")): (2, self._motion_units),
            (GS, ord("L")): (2, self._left_margin),
            (GS, ord("r")): (1, lambda p: self._on_request("paper", p)),
            (GS, ord("a")): (1, lambda p: self._on_request("automatic", p)),
            (DLE, 0x04): (1, lambda _: None),  # DLE EOT, DLE ENQ: carried out when they came in
            (DLE, 0x05): (1, lambda _: None),
        }
        self._initialise(b"")

    def in_data(self) -> bool:
        """Whether the next byte to come belongs to a picture."""
        return self.buffer[:3] == b"\x1dv0"

    def step(self) -> bool:
        """Carry out one command; False when there is none whole. Raises nothing for nonsense: see `unknown`."""
        if len(self.buffer) < self._needed:
            return False
        try:
            length = self._carry_out()
        except Incomplete:
            return False
        del self.buffer[:length]
        self._needed = 1
        return True

    def clear(self) -> None:
        """Forget what is buffered."""
        self.buffer.clear()
        self._needed = 1

    def _need(self, length: int) -> None:
        if len(self.buffer) < length:
            self._needed = length
            raise Incomplete

    def _carry_out(self) -> int:
        first = self.buffer[0]
        if first == 0x0A:
            self._feed(self._line)
            return 1
        if first not in (DLE, ESC, GS):
            if first:  # NUL is no command and no character
                self.unknown.append(first)
            return 1
        self._need(2)
        second = self.buffer[1]
        if (first, second) in self._short:
            count, action = self._short[first, second]
            self._need(2 + count)
            action(bytes(self.buffer[2 : 2 + count]))
            return 2 + count
        if first == GS and second in (ord("v"), ord("V"), ord("(")):
            return {ord("v"): self._raster, ord("V"): self._cut, ord("("): self._extended}[second]()
        if first == DLE and second == 0x14:
            return self._real_time_dc4()
        self.unknown += self.buffer[:2]
        return 2

    def _initialise(self, _: bytes) -> None:
        self._x_unit, self._y_unit = DOTS_PER_INCH, HALF_DOTS_PER_INCH
        self._line, self._position, self._margin, self._justification = DEFAULT_LINE_HALF_DOTS, 0, 0, 0

    def _half_dots(self, units: int) -> int:
        return units * HALF_DOTS_PER_INCH // self._y_unit

    def _set_line(self, half_dots: int) -> None:
        self._line = half_dots

    def _feed(self, half_dots: int) -> None:
        self._paper.feed(half_dots)
        self._position = 0

    def _dots(self, parameters: bytes) -> int:
        return int.from_bytes(parameters, "little") * DOTS_PER_INCH // self._x_unit

    def _absolute_position(self, parameters: bytes) -> None:
        self._position = self._dots(parameters)

    def _left_margin(self, parameters: bytes) -> None:
        self._margin = self._dots(parameters)

    def _justify(self, parameters: bytes) -> None:
        self._justification = parameters[0] % 48

    def _motion_units(self, parameters: bytes) -> None:
        self._x_unit = parameters[0] or DOTS_PER_INCH
        self._y_unit = parameters[1] or HALF_DOTS_PER_INCH

    def _raster(self) -> int:
        """GS v 0 m xL xH yL yH d1…dk: bytes across, rows down, the highest bit leftmost."""
        self._need(8)
        mode = self.buffer[3] % 48
        columns = int.from_bytes(self.buffer[4:6], "little")
        rows = int.from_bytes(self.buffer[6:8], "little")
        length = 8 + columns * rows
        self._need(length)
        if self.buffer[2] not in (0, ord("0")) or mode > 3 or not columns * rows:
            self.unknown += self.buffer[:8]
            return length
        dots = np.unpackbits(np.frombuffer(bytes(self.buffer[8:length]), np.uint8).reshape(rows, columns), axis=1)
        dots = dots.repeat(1 + (mode & 1), axis=1).repeat(1 + (mode >> 1), axis=0)
        spare = max(0, self._paper.width_dots - dots.shape[1])
        left = self._margin + self._position + (0, spare // 2, spare)[self._justification]
        self._paper.print_rows(dots.astype(np.bool_), left)
        self._position = 0
        return length

    def _cut(self) -> int:
        """GS V m (0, 1, 48, 49), or GS V m n (65, 66: feed to the cutter and n units on first)."""
        self._need(3)
        if self.buffer[2] in (0, 1, 48, 49):
            self._paper.cut()
            return 3
        self._need(4)
        if self.buffer[2] in (65, 66):
            self._paper.feed(self._half_dots(self.buffer[3]))
            self._paper.cut()
        else:
            self.unknown += self.buffer[:4]
        return 4

    def _extended(self) -> int:
        """GS ( x pL pH …; of these only GS ( H function 48, the process id, does anything here."""
        self._need(5)
        length = 5 + int.from_bytes(self.buffer[3:5], "little")
        self._need(length)
        if self.buffer[2] == ord("H") and self.buffer[5:7] == b"00" and length == 11:
            self._on_request("process", bytes(self.buffer[7:11]))
        else:
            self.unknown += self.buffer[:length]
        return length

    def _real_time_dc4(self) -> int:
        """DLE DC4 fn …, as a command of its own: carried out when it came in, here only stepped over."""
        self._need(3)
        length = {1: 5, 2: 5, 3: 8, 7: 4, 8: 10}.get(self.buffer[2], 3)
        self._need(length)
        return length
