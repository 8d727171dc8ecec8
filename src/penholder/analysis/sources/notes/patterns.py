"""All wording that the reader of notes knows, in one place. Patterns match lower-case text with single spaces.

How they are used: reader.py. What they mean: docs/reference/facts-from-notes.md. A pattern is a shape of English
as used in published notes; none may name a state, a company or one single licence.
"""

from __future__ import annotations

import re

# --- Who: words for a class of user. The first that matches takes its words away from the later ones. -----------
USER_WORDS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("humanitarian", (r"non[- ]?governmental organi[sz]ations?", r"ngos?", r"red (?:cross|crescent)")),
    (
        "humanitarian",
        (r"humanitarian(?: (?:agency|agencies|body|bodies|organi[sz]ations?))?", r"aid agenc(?:y|ies)"),
    ),
    ("forces", (r"ministr(?:y|ies) of defen[cs]e", r"mod", r"defen[cs]e (?:ministry|forces?)")),
    (
        "forces",
        (r"international security assistance force", r"isaf", r"nato", r"peace ?keep(?:ing|ers?)(?: forces?)?"),
    ),
    ("government", (r"civil defen[cs]e", r"civil aviation authorit(?:y|ies)", r"border (?:guards?|police|force)")),
    ("government", (r"security (?:forces?|services?)", r"public (?:safety|security) bureaus?", r"coast ?guards?")),
    ("government", (r"diplomatic (?:missions?|staff|personnel|corps)", r"embass(?:y|ies)", r"consulates?")),
    (
        "government",
        (r"ministr(?:y|ies)", r"customs", r"fire (?:services?|brigades?)", r"intelligence agenc(?:y|ies)"),
    ),
    (
        "forces",
        (r"armed (?:forces?|services?)", r"air ?forces?", r"special forces", r"marine corps", r"soldiers?"),
    ),
    ("forces", (r"army", r"armies", r"nav(?:y|ies|al)", r"military", r"defen[cs]e", r"forces", r"troops")),
    ("law_enforcement", (r"law enforcement", r"police", r"constabular(?:y|ies)")),
    ("government", (r"governments?", r"governmental", r"presidential", r"state agenc(?:y|ies)")),
    (
        "international_organisation",
        (r"international organi[sz]ations?", r"united nations", r"un", r"european union"),
    ),
    ("academic", (r"academic(?: institutions?)?", r"academia", r"universit(?:y|ies)", r"students?")),
    ("personal", (r"private individuals?", r"personal", r"individuals?", r"private citizens?")),
    ("commercial", (r"civil", r"civil+i?ans?", r"commercial", r"industrial", r"compan(?:y|ies)")),
)
# Words that may stand inside a list of users without changing its class.
FILLERS = (
    r"agenc(?:y|ies)|organi[sz]ations?|bod(?:y|ies)|departments?|entit(?:y|ies)|authorit(?:y|ies)|sector|personnel|"
    r"institutions?|officers?|staff|contractors?|the|an?|any|other|sole|legitimate|potential|licensed|local|maritime|"
    r"security|private|growing|various|final|ultimate|mission"
)
LINKS = r"and|or|/|&|,"

# --- Where such words name the user ------------------------------------------------------------------------------
END_USE = re.compile(r"\bend use(?:rs?|s|d)?\b")
PLAIN_USE = re.compile(r"\b(?:use|users|purposes|customers?|clients?|contracts?)\b")
AFTER_END_USE = re.compile(
    r"^(?: of (?:the |this |these )?\w+)?(?: who)?:? ?(?:is|are|was|were|will be|may be|being|by|for)\b(.*)"
)
BY_WHOM = re.compile(
    r"\b(?:by|on behalf of|in support of|(?:sold|issued|granted|supplied|demonstrated|demonstration|loaned|provided|"
    r"exported|export) to|(?:supply|supplying|equip|equipping|for (?:the )?use of|for us by|protection of(?: the)?))\b"
)
FOR_WHOM = re.compile(r"\b(?:for|of staff of)\b")
# A past or earlier user is not the end user.
FORMER_USER = re.compile(
    r"\b(?:were|was|been|previously|formerly) (?:used|owned|operated)(?: in \w+)? by\b[^.;,]*"
)
# After a body named by FOR_WHOM only these may follow; "for police radios" names goods, not a user.
BODY_ENDS = re.compile(r"^ ?(?:$|[.,;:()]|(?:for|in|to|on|at|of|who|which|not|by|with|as|operating|personnel)\b)")
SKIPPED_BEFORE_BODY = (
    r"(?!(?:of|for|to|in|on|by|at|from|with|and|or|not|which|that|who|be|is|are|was|were|will|use|used|goods|"
    r"components?|equipment|parts|spares?)\b)[\w'-]+"
)

# --- Users that follow from what is done, taken only where no user is named ---------------------------------------
_SPORT = r"(?:sporting|sports?|outdoor sports|hunting|recreational|pest control|target shooting)"
IMPLIED_USERS: tuple[tuple[str, re.Pattern[str]], ...] = (
    (
        "personal",
        re.compile(r"\bby (?:\w+ )?(?:athletes?|hunters|sportsmen)\b|\bshooting (?:federation|association|club)"),
    ),
    ("personal", re.compile(rf"\b{_SPORT}(?:(?:[ /,&]+|, | and | or ){_SPORT})* (?:end )?(?:use|purposes)\b")),
    ("personal", re.compile(r"\bcompetition shooting\b|\b(?:sporting|hunting) use only\b")),
    ("academic", re.compile(r"\bacademic (?:research|study|teaching)\b")),
    (
        "personal",
        re.compile(r"\bprivate ?(?:/ ?\w+ )?(?:military )?(?:use|protection|collect\w+)\b|\bprivate/\w+ use\b"),
    ),
    (
        "academic",
        re.compile(
            r"\b(?:at|by|for) (?:an? |the )?(?:\w+ ){0,2}(?:universit(?:y|ies)|students?)\b|\bmasters degree\b"
        ),
    ),
    (
        "commercial",
        re.compile(
            r"\b(?:in|by) the (?:\w+ ){0,4}?(?:oil|gas|mining|quarrying|petro-?chemical|pharmaceutical|chemical|"
            r"hydrocarbons?|food|cement|textile|tourism) (?:(?:and|/|&) ?\w+ )?industr(?:y|ies)\b"
        ),
    ),
)
# "A company" that builds the goods into something is not yet their user.
INTEGRATOR = re.compile(
    r"\bintegrat\w+|\bincorporat\w+|\bassembl\w+|\bassembly\b|\bmanufactur\w+ of (?:\w+ ){0,2}?(?:armou?red|aircraft|"
    r"weapons?|missiles?|ammunition|munitions?|military|firearms?|rifles?|night|tanks?|naval|warships?)\b"
)

# --- What does not count ------------------------------------------------------------------------------------------
GENERAL_POLICY = re.compile(
    r"all exports for this destination|sanctions (?:in place|were|was)|established an arms embargo|embargo.{0,80}"
    r"\bapp(?:ly|lies)\b|interpretation of (?:the|this) embargo|exempt from the embargo|united nations security council"
)
DENIALS: tuple[re.Pattern[str], ...] = (
    re.compile(
        r"\b(?:is|are|was|were|will)? ?not (?:be |to be |intended )?(?:for|involved in|used (?:by|for|in))\b[^.;]*"
    ),
    re.compile(r"\bno (?:known |intended |further )?(?:military|armed forces|defen[cs]e)\b[^.;,]*"),
    re.compile(r"\bnon[- ](?:military|combat|lethal|defen[cs]e)\b"),
    re.compile(r"\bnot (?:be )?(?:military|lead)\b[^.;,]*"),
    re.compile(r"\b(?:ex|former)[- ](?:military|army|navy|air force|police|government)\b"),
    FORMER_USER,
)
# A denial that says positively that the user or the use is not military.
NOT_MILITARY = re.compile(
    r"not (?:be |to be |intended )?(?:for|used (?:by|for|in))\b.*\b(?:military|armed forces|defen[cs]e)|"
    r"no (?:known |intended )?(?:military|armed forces|defen[cs]e) end use|non[- ]military"
)
NOT_MILITARY_GOODS = re.compile(r"not military rated")

# --- Where to -----------------------------------------------------------------------------------------------------
FINAL = re.compile(
    r"\b(?:ultimate|final|eventual)(?:ly)? (?:end )?(?:use|uses|user|users|customers?|recipients?)\b"
)
ONWARD: tuple[re.Pattern[str], ...] = (
    FINAL,
    re.compile(r"\bincorporat(?:e|ed|ion|ing)\b|\bintegrat(?:ed|ion) (?:by|into)\b"),
    re.compile(
        r"\bonward(?:s)? (?:export|transmission|shipment|supply|transfer|delivery)|\bre-?export(?:ed|s|ation)?\b"
    ),
    re.compile(
        r"\b(?:eventually|subsequently|then|later) (?:be )?(?:shipped|sent|exported|delivered|transferred)\b"
    ),
    re.compile(r"\bnot for end use (?:there|in)\b|\bwill not (?:enter service|remain|stay) (?:there|in)\b"),
)
SHIPPED_ON = re.compile(
    r"\b(?:onward \w+|re-?export(?:ed)?|(?:eventually|subsequently|then|later)(?: be)? (?:shipped|sent|exported|delivered)|"
    r"shipment) to (?:the )?$"
)
SHIPPED_FOR_WORK = re.compile(
    r"^ ?(?:for|to) (?:be )?(?:incorporat|onward|manufactur|assembl|repair|test|integrat|use in)"
)
STATE_PARTY = re.compile(r"^ (?:is|are) an? states? part(?:y|ies) to\b")
USER_IS_IN = re.compile(
    r"\b(?:end use(?:rs?)?|compan(?:y|ies)|organi[sz]ation|authority|institutions?|universit(?:y|ies)|customers?)"
    r"(?: (?:is|are|will be))?(?: (?:civil|civilian|military|commercial))?(?: (?:located|based))? (?:in|within) (?:the )?$"
)
STATE_BODY = re.compile(
    r"^ (?:\w+ ){0,3}?(?:air ?force|navy|army|armed forces|forces|military|government|police|law enforcement|defen[cs]e|"
    r"national guard|authorities|academic|universit(?:y|ies)|coast ?guard|ministry|customs|border|presidential)\b"
)
TEMPORARY = re.compile(
    r"\btemporar(?:y|ily)\b|\breturn(?:ed)? to the (?:uk|united kingdom|exporter)\b|\bafter which returned\b|"
    r"\b(?:will|must|to) be returned\b"
)
NOT_TEMPORARY = re.compile(r"\bincorporat|\bassembl|\bonward|\breturned after repair|\bafter repair\b")
CORRECTED = re.compile(
    r"\bactually (?:for )?(?:(?:an )?(?:export|exported|shipped|shipment|destined|going) )?(?:to|for|in) (?:the )?$|"
    r"\bcorrect(?:ed)? destination (?:is|was|should (?:be|read|have been)) (?:the )?$|"
    r"\bdestination should (?:be|read|have been) (?:the )?$"
)

# --- Stock --------------------------------------------------------------------------------------------------------
POOLED = re.compile(
    r"\b(?:in|into|for|from|to) stock\b|\bstock(?:ed|ists?|ing)\b|\bfuture orders?\b|\bpool(?:ed)?\b|\bpooling\b"
)
RESALE = re.compile(
    r"\bre-?s(?:ale|old|ell)\b|\bretail\b|\bonward sale\b|\bdistribut(?:or|ion|ors)\b|\bdealers?\b"
)

# --- State of the licence -----------------------------------------------------------------------------------------
SUSPENDED = re.compile(r"\bsuspen(?:d|ded|sion)\b")
REVOKED = re.compile(
    r"\brevo(?:ked|cation)\b|\brescinded\b|\blicences? (?:\w+ ){0,3}?(?:cancelled|canceled|withdrawn)\b"
)
SURRENDERED = re.compile(r"\bsurrender(?:ed)?\b")
NOT_SO = re.compile(
    r"\b(?:not|never|n't|may|might|could|would|can|if|unless)(?: \w+){0,2}? (?:suspend|revo|rescind|surrender)\w*"
)
LIFTED = re.compile(r"\blifted\b|\breinstated\b|\bno longer suspended\b|\bresumed\b")
BEFORE_STATUS = re.compile(
    r"\b(?:export|shipp?|deliver|left)\w*\b.{0,60}?\b(?:before|prior to|ahead of)\b.{0,60}?\b(?:suspen|revo|surrender|rescind)"
)
NOT_SHIPPED = re.compile(
    r"\b(?:no goods|nothing|none|not|never|no exports?) (?:\w+ ){0,4}?(?:export|shipp?|deliver|left|made|taken place)\w*"
)
DAY = re.compile(
    r"\b(\d{1,2})(?:st|nd|rd|th)? (january|february|march|april|may|june|july|august|september|october|november|"
    r"december),? (\d{4})\b|\b(\d{4})-(\d{2})-(\d{2})\b|\b(\d{1,2})/(\d{1,2})/(\d{4})\b"
)
MONTHS = (
    "january february march april may june july august september october november december".split()  # noqa: SIM905
)
