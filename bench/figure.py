"""One measured figure beside what is asked of it."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """`target`: what must be met, `goal`: what we would like; None where a figure is only shown."""

    name: str
    value: float
    unit: str
    target: float | None = None
    goal: float | None = None
    at_least: bool = True
    note: str = ""

    def line(self) -> str:
        """For the terminal."""
        text = f"{self.name:54} {self.value:12,.3f} {self.unit:4}"
        text += self._against("target", self.target) + self._against("goal", self.goal)
        return text + (f"  ({self.note})" if self.note else "")

    def _against(self, word: str, asked: float | None) -> str:
        if asked is None:
            return ""
        met = self.value >= asked if self.at_least else self.value <= asked
        return f"  {word} {'>=' if self.at_least else '<='} {asked:g} {'met' if met else 'MISSED'}"
