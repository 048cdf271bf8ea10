"""Own data: what is kept about somebody, to see, to take along, and to have removed.

The pages, the download and the list of what is kept are all made from `__kept__`,
which each table carries. Erasing itself is `notify.departures`.
"""
