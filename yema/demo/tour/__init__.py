"""The story of four people against a running server that holds the demo, each step with what that person sees.

`story` tells it, `bus` the part without a network; `scene` is what they share, `asking` how they talk to the server.
"""

from yema.demo.tour.asking import TourFailed
from yema.demo.tour.story import Tour

__all__ = ["Tour", "TourFailed"]
