"""The story of five people against a running server that holds the demo, each step with what that person sees.

`story` tells it, `bus` the part without a network, `workshop` the one behind the library; `scene` is what they share, `asking` how they
talk to the server.
"""

from yema.demo.tour.asking import TourFailed
from yema.demo.tour.story import Tour

__all__ = ["Tour", "TourFailed"]
