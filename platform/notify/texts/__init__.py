"""What each letter says: one builder for each, which reads the rows when the letter is written.

A builder returns the words its templates need, or None when the letter is no longer true; then it is not sent.
It may mint links, in the transaction that claimed the message. Nothing a resident wrote goes into a letter to
somebody else who did not ask for it.
"""
