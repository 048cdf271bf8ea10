"""`python -m klankbord`: the same as the `klankbord` command."""

from klankbord.cli import main

__all__ = ["main"]

if __name__ == "__main__":
    main()
