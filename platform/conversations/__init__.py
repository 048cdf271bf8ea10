"""Conversations: what people say to each other about an idea, out of public sight or below it.

Words: conversation, side, contribution, question (asked, answered, open), theme question.
A conversation is private: the author of an idea on one side, the moderators or the panel on the other. Answers come
by the page behind the receipt's link, or by replying to the letter. This room sends no letters and moderates nothing.
"""
