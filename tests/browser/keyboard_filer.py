"""What somebody without an account does on the site of concerns: question by question, by locator and secret."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tests.browser.keyboard import Boxes, Keys

Given = Mapping[str, Any]
_FORMS: Mapping[str, tuple[str, Callable[[Given], dict[str, Any]]]] = {
    "concerns.write_message": ("Leave a message", lambda given: {"message-text": given["text"]}),
    "concerns.contest_points": (
        "Contest the answer",
        lambda given: {"contest-points": list(given["points"]), "contest-text": given["text"]},
    ),
    "concerns.accept_answer": ("Accept the answer", lambda _given: {"accept-sure": True}),
}
"""Act -> words of its button in the return area, and what stands in its boxes."""
_SHOWN = """() => Object.fromEntries([...document.querySelectorAll('dt')].map(
  t => [t.innerText.trim(), t.nextElementSibling.innerText.trim()]))"""


def raised(keys: Keys, given: Given) -> dict[str, Any]:
    """Raise a concern, from the front page on; gives what is shown at the end. Raises: NotOfferedError."""
    keys.open("/")
    assert keys.follow("/raise") == 200
    for boxes in _questions(given):
        keys.fill(Boxes(boxes, button="Continue"))
        assert keys.enter() == 200, keys.page.inner_text("main")
    keys.fill(Boxes({}, button="Send it"))
    assert keys.enter() == 200, keys.page.inner_text("main")
    shown = keys.page.evaluate(_SHOWN)
    receipt = keys.page.evaluate("() => document.querySelector('#receipt').value")
    codes = {"locator": shown["Locator"], "secret": shown["Return secret"], "receipt": receipt}
    return {"result": {"concern": shown["Reference"]}, "details": codes}


def _questions(given: Given) -> Iterator[dict[str, Any]]:
    yield {"targets": list(given.get("targets", ()))}
    yield {"matter": given["matter"]}
    last = len(given["points"]) - 1
    for n, point in enumerate(given["points"]):
        yield {"claim": point["claim"]}
        yield {"criterion": point.get("criterion", ""), "evidence": ", ".join(point.get("evidence", ()))}
        yield {"more": "no" if n == last else "yes"}
    yield {"kept_out": list(given.get("kept_out", ()))}
    yield {"asks": "yes" if given.get("asks_decider") == "yes" else "no"}


def returned(keys: Keys, codes: Mapping[str, str], name: str, given: Given) -> int:
    """Come back with locator and secret, and do one thing; gives the status. Raises: NotOfferedError."""
    keys.open("/")
    assert keys.follow("/return") == 200
    keys.fill(Boxes({"locator": codes["locator"], "secret": codes["secret"]}))
    assert keys.enter() == 200, keys.page.inner_text("main")
    button, boxes = _FORMS[name]
    keys.fill(Boxes(boxes(given), button=button))
    status = keys.enter()
    assert status != 200 or "Done:" in keys.page.inner_text("main")
    return status
