"""From a delivery that is due to what became of it.

Nouns: a *batch* (deliveries of one channel that were taken up together, under one lease), *due* (one of them, with all that has to be
looked at again), a *fate* (what became of it), a *circuit* (open while a channel's credentials fail), the *brake* (which does not let a
push service take everybody's devices away).

    take up (claiming, circuit) -> look again (checking) -> words (wording, digests)
    -> the channel (sending) -> write it down (settling, brake, mailing)
"""

from yema.notifications.delivering.postman import Postman

__all__ = ["Postman"]
