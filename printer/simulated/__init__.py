"""A receipt printer as the ESC/POS reference describes one, on a TCP port: it decodes, draws, answers, and fails.

Written from the reference alone and apart from the encoder and the layout, so that the one checks the other.
"""

from printer.simulated.server import SimulatedPrinter
from printer.simulated.state import State

__all__ = ["SimulatedPrinter", "State"]
