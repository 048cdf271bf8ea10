"""Accounts: people, what they may be (grants), and how they sign in by an e-mailed link.

Words: person, grant (a role, perhaps for one panel), session, actor (whoever asks now).
A resident is a person with a confirmed address; nobody has a password. A grant of member, chair or
secretary is written by panels through `roles.grant`. This room never decides what an idea or a panel is.
"""
