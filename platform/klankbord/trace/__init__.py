"""Who read or exported what is not public.

`shown` says which pages show what; `witness` writes it down before an answer leaves; the rest answers an auditor who
asks. The rows themselves: kernel/trace.py.
"""
