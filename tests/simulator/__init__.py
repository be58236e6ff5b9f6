"""A stateful fake Allegro over real HTTP, for tests and demonstrations.

See README.md beside this file.
"""

from .server import Simulator

__all__ = ["Simulator"]
