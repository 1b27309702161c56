"""Find a state by ISO3, COW code or abbreviation, or name in English, Russian or Chinese."""

from __future__ import annotations

from milcoop.codebook.loader import Codebook
from milcoop.errors import InvalidArgument, nearest


def find_state(codebook: Codebook, text: str) -> str:
    """ISO3 of the state that ``text`` names.

    ISO3 is tried first, then COW abbreviation and number, then names. Raises InvalidArgument with the nearest names.
    """
    wanted = text.strip().casefold()
    if wanted.upper() in codebook.actors:
        return wanted.upper()
    names = _names(codebook)
    iso3 = {name.casefold(): code for name, code in names.items()}
    if wanted in iso3:
        return iso3[wanted]
    raise InvalidArgument(
        f"found state '{text}', expected ISO3, COW code or a name in English, Russian or Chinese"
        + nearest(text, [*names, *codebook.actors])
    )


def _names(codebook: Codebook) -> dict[str, str]:
    """Every name, COW abbreviation and COW number of a state, with its ISO3; full names win over abbreviations."""
    names: dict[str, str] = {}
    for state in codebook.actors.values():
        for name in [*state.names.model_dump().values(), *state.also.en, *state.also.ru, *state.also.zh]:
            names.setdefault(name, state.iso3)
    for state in codebook.actors.values():
        for code in state.codes:
            names.setdefault(code.abbreviation, state.iso3)
            names.setdefault(str(code.cow), state.iso3)
    return names


def name_of(codebook: Codebook, iso3: str) -> str:
    """English name of a state; the code itself for one not in the codebook."""
    state = codebook.actors.get(iso3)
    return state.names.en if state else iso3
