"""For who is not online: paper, telephone and counter.

forms.py reads what staff type; desk.py is their work, sheets.py what is printed, finding.py the way back in with the
code that stands on paper; ways.py is where a secretary says what a consultation offers.
"""
