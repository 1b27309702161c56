"""``python -m milcoop``."""

from milcoop.cli.main import main

main()
