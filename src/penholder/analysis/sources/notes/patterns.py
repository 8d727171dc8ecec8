"""All wording that the reader of notes knows, in one place.

Patterns match lower-case text with single spaces. How they are used: reader.py; what the facts mean:
docs/reference/facts-from-notes.md. A pattern is a shape of English found in published notes. None may name a
state, a company or one single licence.
"""

from __future__ import annotations

import re


def _any(*shapes: str) -> re.Pattern[str]:
    """A pattern that finds any of the shapes, as whole words."""
    return re.compile(rf"\b(?:{'|'.join(shapes)})\b")


_Y = "(?:y|ies)"

# --- Who: words for a class of user. A row that matches takes its words away from the later rows. ----------------
USER_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("humanitarian", (r"non[- ]?government(?:al)? organi[sz]ations?", r"ngos?", r"red (?:cross|crescent)")),
    ("humanitarian", (rf"humanitarian(?: (?:agenc{_Y}|bod{_Y}|organi[sz]ations?))?", rf"aid agenc{_Y}")),
    ("forces", (rf"ministr{_Y} of defen[cs]e", r"mod", r"defen[cs]e (?:ministry|forces?)")),
    ("forces", (r"international security assistance force", r"isaf", r"nato")),
    ("forces", (r"(?:national|presidential|royal|republican|revolutionary) guards?", r"marines")),
    ("forces", (r"peace ?keep(?:ing|ers?)(?: (?:forces?|troops))?",)),
    ("government", (r"civil defen[cs]e", rf"civil aviation authorit{_Y}", r"border (?:guards?|police|force)")),
    ("government", (r"security (?:forces?|services?)", r"public (?:safety|security) bureaus?", r"coast ?guards?")),
    ("government", (r"diplomatic (?:missions?|staff|personnel|corps)", rf"embass{_Y}", r"consulates?")),
    ("government", (r"gendarmerie", r"paramilitar(?:y|ies)", r"prison services?", r"intelligence services?")),
    ("government", (rf"ministr{_Y}(?: of (?:the )?\w+)?", r"customs", r"fire (?:services?|brigades?)")),
    ("forces", (r"armed (?:forces?|services?)", r"air ?forces?", r"special forces", r"marine corps")),
    ("forces", (r"soldiers?", r"troops", rf"arm{_Y}", r"nav(?:y|ies|al)", r"military", r"defen[cs]e", r"forces")),
    ("law_enforcement", (rf"law enforcement(?: (?:agenc|authorit){_Y})?", r"police", rf"constabular{_Y}")),
    ("government", (rf"governments?(?: agenc{_Y})?", r"governmental", r"presidential", rf"state agenc{_Y}")),
    ("international_organisation", (r"international organi[sz]ations?", r"european union")),
    ("international_organisation", (rf"(?:united nations|un)(?: agenc{_Y})?",)),
    ("academic", (r"academic(?: institutions?)?", r"academia", rf"universit{_Y}", r"students?")),
    ("personal", (r"private (?:individuals?|citizens?)", r"personal", r"individuals?")),
    ("government", (rf"agenc{_Y}", rf"authorit{_Y}")),
    ("other", (r"hospitals?", r"museums?", r"trusts?", rf"charit{_Y}", r"foundations?", r"clubs?", r"zoos?")),
    ("commercial", (r"civil", r"civil+i?ans?", r"commercial", r"indus\w{3,5}al", rf"compan{_Y}")),
)
# Words that may stand in a list of users without changing its class, and what joins the list.
FILLERS = (
    *(
        r"organi[sz]ations?",
        rf"bod{_Y}",
        r"departments?",
        rf"entit{_Y}",
        r"sector",
        r"personnel",
        r"institutions?",
    ),
    *(
        r"officers?",
        r"staff",
        r"contractors?",
        r"mission",
        r"the",
        r"an?",
        r"any",
        r"other",
        r"sole",
        r"legitimate",
    ),
    *(r"potential", r"licensed", r"local", r"maritime", r"security", r"private", r"growing", r"various", r"final"),
    r"ultimate",
)
LINKS = r"and|or"

# --- Where such words name the user ------------------------------------------------------------------------------
END_USE = _any(r"end use(?:rs?|s|d)?")  # "armed forces end use"
AFTER_END_USE = re.compile(  # "end use by the Navy", "the end user is a university", "end user: ..."
    r"^(?: of (?:the |this |these )?\w+)?(?:: ?|(?: who)? (?:is|are|was|were|will be|may be|being|by|for)\b)(.*)"
)
PLAIN_USE = _any("use", "users", "purposes", "customers?", "clients?", "contracts?")  # "for naval use"
BY_WHOM = _any(
    *("by", "on behalf of", "in support of", "supply", "supplying", "equip", "equipping"),
    r"(?:sold|issued|granted|supplied|demonstrated|demonstration|loaned|provided|exported|export) to",
    *("for (?:the )?use of", "for us by", "(?:protection|training) of"),
    "(?:athletes|personnel|members|officers|staff|teams?) from",
)
FOR_WHOM = _any("for")
# A force named as a partner of whoever uses the goods: beside a civil user it still counts.
BESIDE_WHOM = _any("to", "with", "for", "supporting", "serving", "contractors? (?:of|for)")
FORCE_BODY = re.compile(
    rf"^ (?:(?:the|an?) )?(?:\w+ ){{0,2}}?(?:armed forces|arm{_Y}|nav{_Y}|air ?forces?|military|troops|soldiers|"
    rf"mod|ministr{_Y} of defen[cs]e|defen[cs]e ministr{_Y})\b"
)
# Bodies that are, or may be, the armed forces. Named anywhere, in whatever role, they keep a civil user from
# standing alone. An adjective ("military radios") names none.
FORCES_NAMED = _any(
    *(r"armed (?:forces?|services?)", rf"arm{_Y}", rf"nav{_Y}", r"air ?forces?", r"mod", r"troops", r"soldiers?"),
    *(rf"(?:ministr{_Y}|departments?|secretariat) of (?:national )?defen[cs]e", r"marines", r"marine corps"),
    *(rf"defen[cs]e (?:ministr{_Y}|departments?|forces?)", r"special forces", r"security (?:forces?|services?)"),
    *(
        r"(?:national|presidential|royal|republican|revolutionary) guards?",
        r"gendarmerie",
        r"paramilitar(?:y|ies)",
    ),
    r"(?:the|by|to|with|supports?|supplies) (?:\w+ )?military(?= ?(?:$|[.,;:()]| (?:and|or|who|in|on|as)\b))",
)
# Customers of a user. Customers who may be the forces are final users, where a civil user is named beside them.
CUSTOMERS = _any("customers?", "clients?")
WITH_CUSTOMERS = re.compile(r" with (?:the |its )?$")  # "company with military customers": the company is the user
DEMONSTRATED_TO = re.compile(r"\bdemonstrat(?:ion|ed) to$")
# Users who are named without a class.
OTHER_USERS = _any(rf"(?:and|or) (?:other )?licen[cs]ed (?:entit{_Y}|bod{_Y}|organi[sz]ations?)")
# After a body named by FOR_WHOM only these may follow; "for police radios" names goods, not a user.
BODY_ENDS = re.compile(r"^ ?(?:$|[.,;:()]|(?:for|in|to|on|at|of|who|which|not|by|with|as|operating|personnel)\b)")
SKIPPED_BEFORE_BODY = (  # words between the preposition and the body: "by the Royal Ardenian Navy"
    r"(?!(?:of|for|to|in|on|by|at|from|with|not|which|that|who|be|is|are|was|were|will|use|used|goods|"
    r"components?|equipment|parts|spares?)\b)[\w'-]+"
)

# --- Users that follow from what is done, taken only where no user is named --------------------------------------
_SPORT = "(?:sporting|sports?|outdoor sports|hunting|recreational|pest control|target shooting)"
_TRADE = (
    "(?:oil|gas|mining|quarrying|petro-?chemical|pharmaceutical|chemical|hydrocarbons?|food|cement|textile|tourism|"
    "finance|banking)"
)
_BRANCH = rf"{_TRADE}(?:(?:/|&| and | & )\w+)? (?:industr{_Y}|sector)"
IMPLIED_USERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "personal",
        _any(r"by (?:\w+ )?(?:athletes?|hunters|sportsmen)", r"shooting (?:federation|association|club)"),
    ),
    ("personal", _any(rf"{_SPORT}(?:(?:/|, | and | or | & ){_SPORT})* (?:end )?(?:use|purposes)")),
    ("personal", _any("competition shooting")),
    ("personal", _any(r"private(?:/\w+)? (?:military )?(?:use|protection|collect\w+)", r"private/\w+ protection")),
    ("academic", _any("academic (?:research|study|teaching)", "masters degree")),
    ("academic", _any(rf"(?:at|by|for) (?:an? |the )?(?:\w+ ){{0,2}}(?:universit{_Y}|students?)")),
    ("commercial", _any(rf"(?:in|by) (?:the )?(?:\w+ ){{0,4}}?{_BRANCH}")),
)
# A company that builds the goods into something, stocks them or sells them on is not their user.
INTEGRATOR = _any(
    *(r"integrat\w+", r"incorporat\w+", r"assembl\w+"),
    r"manufactur\w+ of (?:\w+ ){0,2}?(?:armou?red|aircraft|weapons?|missiles?|ammunition|munitions?|military|"
    r"firearms?|rifles?|night|tanks?|naval|warships?)",
)

# --- What does not count -----------------------------------------------------------------------------------------
GENERAL_POLICY = _any(
    *("all exports for this destination", "sanctions (?:in place|were|was)", "established an arms embargo"),
    *("embargo.{0,80} app(?:ly|lies)", "interpretation of (?:the|this) embargo", "exempt from the embargo"),
)
_UP_TO_BUT = r"(?:(?!\bbut\b)[^.;])*"
_NOT_FOR = r"not (?:be |to be |intended )?(?:for|used (?:by|for|in))"
DENIALS: tuple[re.Pattern[str], ...] = (
    re.compile(rf"\b(?:{_NOT_FOR}|not involved in)\b{_UP_TO_BUT}"),
    re.compile(r"\bno (?:known |intended |further )?(?:military|armed forces|defen[cs]e)\b[^.;,]*"),
    re.compile(r"\bnot (?:be )?(?:military|lead)\b[^.;,]*"),
    re.compile(r"\bnon[- ](?:military|combat|lethal|defen[cs]e)\b"),
    re.compile(r"\b(?:concerns?|risks?|fears?|possibility) (?:of|about|over|that)\b[^.;]*"),
    # Former owners and users, and what goods were designed for, are not the end user.
    re.compile(r"\b(?:ex|former)[- ](?:military|army|navy|air force|police|government)\b"),
    re.compile(r"\b(?:were|was|been|previously|formerly) (?:used|owned|operated)(?: in \w+)? by\b[^.;,]*"),
    re.compile(r"\b(?:designed|suitable|developed) for (?:[\w/]+ ){1,3}?(?:use|purposes)\b"),
)
# A denial that says positively that the user or the use is not military.
NOT_MILITARY = _any(
    rf"{_NOT_FOR}\b{_UP_TO_BUT}\b(?:military|armed forces|defen[cs]e)",
    *("no (?:known |intended )?(?:military|armed forces|defen[cs]e) end use", "non[- ]military(?: (?:end )?use)?"),
)

# --- Where to ----------------------------------------------------------------------------------------------------
FINAL = _any("(?:ultimate|final|eventual)(?:ly)? (?:end )?(?:uses?|users?|customers?|recipients?)")
_LATER = "(?:eventually|subsequently|then|later)(?: be)?"
ONWARD: tuple[re.Pattern[str], ...] = (
    FINAL,
    _any("incorporat(?:ed?|ion|ing)", "integrat(?:ed|ion) (?:by|into)"),
    _any("onwards? (?:export|transmission|shipment|supply|transfer|delivery)", "re-?export(?:ed|s|ation)?"),
    _any(f"{_LATER} (?:shipped|sent|exported|delivered|transferred)"),
    _any("not for end use (?:there|in)", "will not (?:enter service|remain|stay) (?:there|in)"),
)
# Whoever may be the forces and is named after these words, in the same sentence, is a final user.
GOES_ON_TO = _any(
    "incorporat(?:ed|ion) (?:for|into)",
    f"(?:onwards? (?:export|transmission|shipment|supply|transfer|delivery)|re-?export(?:ed)?|{_LATER} \\w+) to",
)
# The next three end where the name of a state begins; the four after them begin where it ends.
SHIPPED_ON = re.compile(
    rf"\b(?:onward \w+|re-?export(?:ed)?|{_LATER} (?:shipped|sent|exported|delivered)|shipment) to (?:the )?$"
)
USER_IS_IN = re.compile(
    rf"\b(?:end use(?:rs?)?|compan{_Y}|organi[sz]ation|authority|institutions?|universit{_Y}|customers?)"
    r"(?: (?:is|are|will be))?(?: (?:civil|civilian|military|commercial))?(?: (?:located|based))?"
    r" (?:in|within) (?:the )?$"
)
CORRECTED = re.compile(
    r"\bactually (?:for )?(?:(?:an )?(?:export|exported|shipped|shipment|destined|going) )?(?:to|for) (?:the )?$"
    r"|\bcorrect(?:ed)? destination (?:is|was|should be) (?:the )?$"
    r"|\bdestination should (?:be|read|have been) (?:the )?$"
)
SHIPPED_FOR_WORK = re.compile(
    r"^ ?(?:for|to) (?:be )?(?:incorporat|onward|manufactur|assembl|repair|test|integrat|use in)"
)
STATE_BODY = re.compile(
    r"^ (?:\w+ ){0,3}?(?:air ?force|navy|army|armed forces|forces|military|government|police|law enforcement|"
    rf"defen[cs]e|national guard|authorities|academic|universit{_Y}|coast ?guard|ministry|customs|border)\b"
)
REMOVED = re.compile(r"^ (?:was|were|ha(?:s|ve) been) removed from (?:this|the|an?) (?:[\w-]+ ){0,3}licen[cs]e")
STATE_PARTY = re.compile(r"^ (?:is|are) an? states? part(?:y|ies) to\b")  # of the country of end use
TEMPORARY = _any(
    "temporar(?:y|ily)", "(?:will|must|to) be returned", "after which returned", "returned to the (?:uk|exporter)"
)
NOT_TEMPORARY = _any(r"incorporat\w+", r"assembl\w+", "onward", "after repair")

# --- Stock -------------------------------------------------------------------------------------------------------
POOLED = _any(
    "(?:in|into|for|from|to) stock", "stocked", "stockists?", "stocking", "future orders?", "pool(?:ed|ing)?"
)
RESALE = _any("re-?s(?:ale|old|ell)", "retail", "onward sale", "distribut(?:or|ors|ion)", "dealers?")

# --- State of the licence ----------------------------------------------------------------------------------------
SUSPENDED = _any(
    "suspend(?:ed)?", "suspension(?! (?:systems?|units?|springs?|arms?|struts?|parts|components|kits?))"
)
REVOKED = _any("revo(?:ked|cation)", "rescinded", r"licences? (?:\w+ ){0,3}?(?:cancelled|canceled|withdrawn)")
SURRENDERED = _any("surrender(?:ed)?")
_STATUS = "(?:suspend|suspen|revo|rescind|surrender)"
NOT_SO = re.compile(rf"\b(?:not|never|may|might|could|would|can|if|unless)(?: \w+){{0,2}}? {_STATUS}\w*")
LIFTED = _any("lifted", "reinstated", "no longer suspended", "resumed")
BEFORE_STATUS = re.compile(
    rf"\b(?:export|shipp?|deliver|left)\w*\b.{{0,60}}?\b(?:before|prior to|ahead of)\b.{{0,60}}?\b{_STATUS}"
)
NOT_SHIPPED = _any(
    r"(?:no goods|no items|nothing|none)(?: (?:of|the|these|goods|items|had|has|have|was|were|been)){0,5}"
    r" (?:exported|shipped|delivered)",
    r"(?:was|were|had|have|has) (?:not|never)(?: yet)?(?: been)? (?:exported|shipped|delivered)",
)
MONTHS = (
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
)
DAY = re.compile(
    rf"\b(\d{{1,2}})(?:st|nd|rd|th)? ({'|'.join(MONTHS)}),? (\d{{4}})\b"
    r"|\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})/(\d{1,2})/(\d{4})\b"
)
