"""What `klankbord` can be asked from a command line: a module for each group of commands.

../cli.py lists them and loads a module only when its command is asked for. Everything that a command needs comes
from opened.py, so that a database that cannot be reached or was not migrated ends in one sentence everywhere.
"""
