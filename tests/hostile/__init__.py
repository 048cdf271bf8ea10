"""What people type harms nobody: the corpus, every field that takes it, every output that shows it.

A short version runs always; HOSTILE=full tries every payload in every field and every output.
"""
