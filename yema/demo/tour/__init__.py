"""The story of five people against a running server that holds the demo, each step with what that person sees.

`story` tells it, `rain` the part in which a plan changes, `pockets` the one about what phones are told, `care` the one about people,
`jetty` the one in which somebody needs help, `office` the one at the desk, `bus` the one without a network, `workshop` the one behind
the library; `scene` is what they share, `asking` how they talk to the server.
"""

from yema.demo.tour.asking import TourFailed
from yema.demo.tour.story import Tour

__all__ = ["Tour", "TourFailed"]
