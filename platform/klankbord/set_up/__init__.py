"""How a municipality begins: panels, people and consultations set up by themselves, without code.

The operator sets up panels, writes down their agreements, gives tasks and seats people (/desk/set-up). A secretary
drafts a consultation, announces it, and later extends, suspends or cancels it (/desk/consultations). It stands in
the composition root because it needs panels, consultations and moderation together; it adds no table and no rule
of theirs, it calls their verbs. The very first operator comes from the `klankbord operator add` command.
"""
