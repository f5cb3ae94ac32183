"""The right word, to the right phone, once.

Nouns: an *occurrence* (an outbox row), a *notification* (what one person is told of one topic: a line of their inbox), a *delivery* (its
way to one device, or to the person's mailbox), a *choice* (how often they want to hear of a kind, by which channel), *habits* (minutes
before a slot, and the hours of the night), a *digest* (what was gathered for an evening or a week), a *channel* (fcm, webpush, email, log).

From the outbox to the phone: `spreading` asks the slices whom an occurrence concerns and makes notifications and deliveries; `delivering`
takes up what is due, asks for the words anew, sends, and writes down what became of it.
"""
