"""The settings of dependence as numbers, and each moved by one step."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from milcoop.codebook.dependence_rule import Setting
from milcoop.domain.finding import Moved, Value


@dataclass(frozen=True)
class Rules:
    """Values of the codebook's settings, some of them moved."""

    settings: Mapping[str, Setting]
    moved: tuple[str, float] | None = None

    def __getitem__(self, name: str) -> float:
        if self.moved is not None and self.moved[0] == name:
            return self.moved[1]
        value = self.settings[name].value
        if isinstance(value, tuple):
            raise TypeError(f"setting {name} is a list of words")
        return value

    def words(self, name: str) -> tuple[str, ...]:
        """A setting that is a list of words."""
        value = self.settings[name].value
        return value if isinstance(value, tuple) else ()

    def ends(self, name: str) -> tuple[float, float]:
        """Lowest and highest of a setting and its steps."""
        values = (self[name], *self.settings[name].steps)
        return min(values), max(values)

    def move(self, names: Iterable[str], compute: Callable[[Rules], Value]) -> tuple[Moved, ...]:
        """The value under each step of each setting named, computed anew."""
        return tuple(
            Moved(f"dependence.{name}.value", self[name], step, compute(Rules(self.settings, (name, step))))
            for name in names
            for step in self.settings[name].steps
        )
