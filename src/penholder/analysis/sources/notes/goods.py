"""Which particular goods a note names, and the ratings that such goods can have.

A note that names goods speaks of those goods alone. The other lines of its licence may have another user.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from penholder.analysis.schemas import LIST_SEPARATOR
from penholder.regime.hints import is_one_code

# Goods words -> beginnings of the ratings that such goods can have (control lists of the UK, of the EU and of the
# Wassenaar Arrangement; `PL` are the UK's own entries). Wide on purpose, but without the entries for software and
# technology of every kind (ML21, ML22), which say nothing about the goods. A text may match several rows.
GOODS: tuple[tuple[str, str], ...] = (
    # Information security, communications
    (r"crypto\w*|encryption", "5"),
    (r"broadband|modems?|routers?|network\w*|communications?|telecom\w*", "4 5 ML11"),
    (r"radios?|antennas?|beacons?|headsets?", "5 6A 7 ML11 PL5"),
    # Chemistry and biology
    (r"chemical manufactur\w+|valves?|pumps?|pumping|impellers?|mixing vessel", "0B 1A 1B 1C 1D 1E 2"),
    (r"heat exch\w+|water treatment|air monitoring", "0B 1A 1B 1C 1D 1E 2"),
    (r"chemicals?(?! (?:manu|indust))|ingredients?|reagents?", "0C 1C 1D 1E"),
    (r"biotechnology|pathogens?|laboratory", "1A004 1C 1D 1E 2B350 2B351 2B352 6A"),
    (r"gas (?:analysis|detection|monitor\w*)|detection kits?|hydrogen fluoride", "1A004 1C 2B350 2B351 2B352 6A"),
    # Protection
    (r"body armou?r|armou?r plates?|helmets?|vests?|shields?", "1A005 1C010 ML13 PL5"),
    (r"masks?|respirators?|filters|nbc|chemical protection", "1A004 2B352 ML7 PL5"),
    (r"protective (?:clothing|equipment|suits?|jackets?)", "1A004 1A005 2B352 ML4 ML7 ML13 PL5"),
    (r"safety equipment", "1A004 1A005 2B352 ML13 PL5"),
    # Weapons, ammunition, explosives
    (r"small arms|rifles?|pistols?|shotguns?|firearms?|(?:sub)?machine ?guns?", "ML1 ML2 ML3 ML5 PL5"),
    (r"(?:weapons?|telescopic|rifle) (?:sights?|stock|magazines?|mounts?)", "ML1 ML5 PL5"),
    (r"ammunition|cartridges?|rounds", "ML3 ML4 PL5"),
    (r"grenades?|pyrotechnic\w*|flares?|distress signals?", "ML4 ML7 PL5"),
    (r"explosives?|bomb disposal|detonators?|safety fuse|demining", "1A 1C 3A 5A 6A ML4 ML6 ML8 ML13 PL5 PL8"),
    # Sight, light, sound
    (r"night (?:vision|sights?)|thermal imag\w+|image intensif\w+|imaging|cameras?", "6A 6D 6E ML1 ML5 ML15"),
    (r"lasers?|optical components", "3 6 ML5 ML15 ML19"),
    (r"seismic|seabed|underwater|sonar|sonobuoys?", "6 7 8 ML9"),
    # Vehicles and aircraft
    (r"vehicles?|trucks?|digger|run flat|ambulances?|windscreens?", "ML6 ML13 PL5"),
    (r"aircraft|helicopters?|uavs?|drones?|balloons?|aero engines?", "7 9 ML10 PL9"),
    # Making and testing
    (r"testing (?:equipment|system)|inspection of", "2B 3A 6A ML18 PL5"),
    (r"inter?grated circuits?", "2B 3"),
)
_ROWS = tuple((re.compile(rf"\b(?:{words})\b"), frozenset(prefixes.split())) for words, prefixes in GOODS)


def goods_in(plain: str) -> frozenset[str]:
    """Beginnings of the ratings that the goods named in a sentence (lower case) can have; empty: it names none."""
    return frozenset().union(*(prefixes for words, prefixes in _ROWS if words.search(plain)))


def is_of(rating: str | None, goods: Collection[str]) -> bool:
    """Can every code of a rating cell be one of the goods? A note without goods words speaks of every rating."""
    if not goods or rating is None:
        return not goods
    return all(is_one_code(code) and _begins(code, goods) for code in rating.split(LIST_SEPARATOR))


def may_be_of(rating: str | None, goods: Collection[str]) -> bool:
    """Can any code of a rating cell be one of the goods? A line without a rating can be anything."""
    if not goods or rating is None:
        return True
    return any(not is_one_code(code) or _begins(code, goods) for code in rating.split(LIST_SEPARATOR))


def _begins(code: str, prefixes: Iterable[str]) -> bool:
    """Does a code begin with one of the prefixes? ML1 is no beginning of ML10."""
    return any(
        code.startswith(prefix) and not (prefix.startswith("ML") and code[len(prefix) :][:1].isdigit())
        for prefix in prefixes
    )
