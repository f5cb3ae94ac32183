"""People and how they get in, and in again.

Nouns: a *person*; an *organisation* (founded by who runs the server) and its *staff* (people who work for it as trainer, coordinator or
admin); a *sign-in* (one person on one phone: a family of refresh tokens); a *challenge* (an e-mail code that the asking phone waits for); a
*sign-in code* (second phone, re-link by a leader, recovery); a *notice* (what happened to one's account); the *throttle*.

Roles in an exchange come from memberships, which belong to `exchanges`.
"""
