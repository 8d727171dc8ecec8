"""Sets of criteria by date, and limbs as questions."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from penholder.kernel.dates import Precision
from penholder.kernel.errors import NotKnownError, RuleError
from penholder.regime.regimes import concerns, families, limbs_touched, regime, regime_on, regimes, regimes_on
from penholder.regime.types import NOT_VERIFIED, TextStatus

IHL = {"use": "could", "route": "direct", "concern": ("serious_violation_ihl",), "end_user_stated": True}


@pytest.mark.parametrize(
    ("family", "on", "wanted"),
    [
        ("uk", date(2000, 10, 1), "uk-cc-2000"), ("uk", date(2014, 3, 24), "uk-cc-2000"),
        ("uk", date(2014, 3, 25), "uk-cc-2014"), ("uk", date(2021, 12, 7), "uk-cc-2014"),
        ("uk", date(2021, 12, 8), "uk-selc-2021"), ("uk", date(2026, 1, 1), "uk-selc-2021"),
        ("eu", date(2008, 12, 8), "eu-cp-2008"), ("eu", date(2019, 9, 15), "eu-cp-2008"),
        ("eu", date(2019, 9, 16), "eu-cp-2019"), ("eu", date(2025, 4, 14), "eu-cp-2025"),
        ("att", date(2014, 12, 24), "att"),
    ],
)  # fmt: skip
def test_the_set_in_force_ends_where_the_next_begins(family: str, on: date, wanted: str) -> None:
    assert regime_on(family, on).id == wanted


def test_no_set_is_said_with_the_first_that_is_held() -> None:
    with pytest.raises(
        NotKnownError, match="no set of family 'uk' is held for 2000-09-30; the first held begins 2000-10"
    ):
        regime_on("uk", date(2000, 9, 30))
    with pytest.raises(NotKnownError, match="there is no family of regimes 'mars'; known: att, eu, uk"):
        regime_on("mars", date(2020, 1, 1))
    with pytest.raises(NotKnownError, match="did you mean 'uk-selc-2021'"):
        regime("uk-selc-2012")


def test_families_stand_side_by_side() -> None:
    assert families() == ("att", "eu", "uk")
    assert [r.id for r in regimes_on(date(2015, 3, 26))] == ["att", "eu-cp-2008", "uk-cc-2014"]
    assert [r.id for r in regimes_on(date(2010, 1, 1))] == ["eu-cp-2008", "uk-cc-2000"]


def test_a_month_keeps_its_precision_and_counts_from_its_first_day() -> None:
    begins = regime("uk-cc-2000").begins
    assert (begins.first, begins.precision, str(begins)) == (date(2000, 10, 1), Precision.MONTH, "2000-10")


def test_threshold_and_modality_stand_apart() -> None:
    rule = regime("uk-selc-2021").rule("2c")
    assert rule is not None
    assert (rule.threshold, rule.use_modality, rule.use_link) == ("clear_risk", "might", ("commit", "facilitate"))
    assert (rule.text_status, rule.consequence, rule.pre_step) == (
        TextStatus.VERIFIED,
        "must_refuse",
        "attitude_ihl",
    )
    knowledge = regime("att").rule("6.3")
    assert knowledge is not None
    assert (knowledge.threshold, knowledge.use_modality) == ("knowledge_at_authorisation", "would")


def test_only_what_was_read_is_called_verified() -> None:
    verified = {rule.id for r in regimes() for rule in r.rules if rule.text_status is TextStatus.VERIFIED}
    assert verified == {
        "uk-selc-2021/2c", "uk-cc-2014/2c", "eu-cp-2019/art1.1a", "att/6.1", "att/6.2", "att/6.3", "att/7.1a",
        "att/7.1b-i", "att/7.1b-ii", "att/7.1b-iii", "att/7.1b-iv", "att/7.2", "att/7.3", "att/7.4", "att/7.5",
        "att/7.6", "att/7.7",
    }  # fmt: skip
    assert regime("uk-cc-2000").text_status is TextStatus.TO_LOAD


def touched(on: date, **facts: object) -> list[str]:
    return [q.rule_id for q in limbs_touched({**IHL, **facts}, on=on)]


def test_limbs_of_all_families_as_questions() -> None:
    assert touched(date(2015, 3, 26)) == [
        "att/6.3", "att/7.1b-i", "att/7.2", "att/7.3", "att/7.4", "att/7.7", "eu-cp-2008/2c", "uk-cc-2014/2c",
    ]  # fmt: skip
    assert touched(date(2024, 9, 2))[-2:] == ["uk-selc-2021/2c", "uk-selc-2021/2-gbv"]
    assert touched(date(2010, 1, 1)) == ["eu-cp-2008/2c", "uk-cc-2000/text"]


def test_diversion_is_asked_onward_or_where_the_end_user_is_not_stated() -> None:
    on = date(2015, 3, 26)
    plain = set(touched(on))
    assert set(touched(on, route="onward")) - plain == {"att/11", "eu-cp-2008/7", "uk-cc-2014/7"}
    assert set(touched(on, end_user_stated=False)) - plain == {"att/11", "eu-cp-2008/7", "uk-cc-2014/7"}
    assert touched(on, use="excluded", route="onward", end_user_stated=False) == []


def test_a_fact_that_is_not_known_leaves_the_limb_open() -> None:
    found = {q.rule_id: q for q in limbs_touched({**IHL, "end_user_stated": None}, on=date(2015, 3, 26))}
    assert not found["uk-cc-2014/7"].certain
    assert found["uk-cc-2014/7"].because == ("end_user_stated is not known",)
    assert found["uk-cc-2014/2c"].certain


def test_an_unverified_limb_carries_the_caution() -> None:
    found = {q.rule_id: q for q in limbs_touched(IHL, on=date(2015, 3, 26))}
    assert (found["uk-cc-2014/2c"].text_status, found["uk-cc-2014/2c"].caution) == ("verified", "")
    assert (found["eu-cp-2008/2c"].text_status, found["eu-cp-2008/2c"].caution) == ("unverified", NOT_VERIFIED)
    assert found["uk-cc-2014/2c"].question.endswith("and how was that assessed for this line?")


def test_rules_that_could_not_be_known_yet_are_left_out() -> None:
    on = date(2025, 4, 14)  # the amendment was published on the next day
    assert "eu-cp-2025/text" not in [q.rule_id for q in limbs_touched(IHL, on=on, known=on)]
    assert "eu-cp-2025/text" in [q.rule_id for q in limbs_touched(IHL, on=on, known=on + timedelta(1))]


def test_wrong_facts_are_refused() -> None:
    with pytest.raises(RuleError, match="fact 'concern': 'ihl' is not allowed"):
        limbs_touched({**IHL, "concern": ("ihl",)}, on=date(2015, 3, 26))
    with pytest.raises(RuleError, match="fact 'weather' is not known to the rules"):
        limbs_touched({**IHL, "weather": "fine"}, on=date(2015, 3, 26))


def test_concerns_are_what_a_profile_may_name() -> None:
    assert concerns()["serious_violation_ihl"].title == "serious violation of international humanitarian law"
    assert "any_criterion" not in concerns()
