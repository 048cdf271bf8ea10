"""The sample municipality: Waterveen, its panel, three meetings, two consultations and what residents sent.

sample/ holds the texts; here they are played through the same verbs that people use, at moments counted back
from the day of loading. cast.py brings the people, story.py what happened, welcome.py prints the way in.
"""
