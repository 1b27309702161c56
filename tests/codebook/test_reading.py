"""Where in a file a problem stands."""

import pytest

from milcoop.codebook.reading import line_of

TEXT = """\
# comment
- id: one
  list:
    - a
    - {b: 1, c: 2}

- id: two
  map: {x: 1}
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        ([], 2),
        ([0], 2),
        ([0, "list"], 3),
        ([0, "list", 1], 5),
        ([0, "list", 1, "c"], 5),
        ([1], 7),
        ([1, "map", "x"], 8),
        ([1, "absent"], 7),
        ([9], 2),
    ],
)
def test_line_of_a_node(path: list[int | str], line: int) -> None:
    assert line_of(TEXT, path) == line
