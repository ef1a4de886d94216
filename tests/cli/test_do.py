"""do: any request by name, and every request there is."""

from __future__ import annotations

import importlib
import pkgutil

import pytest

from frontdesk import services
from frontdesk.services.all import USE_CASES
from tests.cli.conftest import Run

WISH = '{"customer_id": 1, "lines": [{"service_id": 1, "stylist_id": 1}], "starts_at": "2026-03-10T15:00:00Z"}'


def test_every_service_module_is_in_the_registry_s_import() -> None:
    from frontdesk.services import all as everything

    before = set(USE_CASES)
    for module in pkgutil.walk_packages(services.__path__, "frontdesk.services."):
        importlib.import_module(module.name)
    missing = {name.split(".")[0] for name in set(USE_CASES) - before}
    assert not missing, f"frontdesk/services/all.py does not import {missing}"
    assert {name.split(".")[0] for name in USE_CASES} <= set(everything.__all__)


def test_all_requests_are_listed_with_a_summary(run: Run) -> None:
    listed = run("do").out
    for name in USE_CASES:
        assert name in listed
    known = {one["name"]: one for one in run("--json", "do").json}
    assert set(known) == set(USE_CASES)
    assert known["booking.book"]["writes"] is True


def test_every_request_has_schemas_and_can_be_reached(run: Run) -> None:
    for name in sorted(USE_CASES):
        schema = run("do", name, "--schema").json
        assert schema["request"]["type"] == "object", name
        assert {"title", "type", "$ref"} & set(schema["answer"]), name
        assert run("do", name, "--json", '{"nonsense": 1}').code == 2, name


def test_a_request_as_json_is_answered_as_json(run: Run) -> None:
    booked = run("do", "booking.book", "--json", WISH)
    assert (booked.code, booked.err) == (0, "")
    assert booked.json["lines"][0]["price"] == "50.00"
    assert booked.json["starts_at"] == "2026-03-10T15:00:00Z"
    day = run("do", "day.show_day", "--json", "-", typed='{"day": "2026-03-10"}').json
    assert day["columns"][0]["entries"][0]["code"] == booked.json["code"]


def test_its_own_request_id_and_the_key_are_the_same_thing(run: Run) -> None:
    key = "6f9619ff-8b86-4d01-b42d-00cf4fc964ff"
    first = run("do", "booking.book", "--json", WISH, "--key", key)
    again = run("do", "booking.book", "--json", WISH[:-1] + f', "request_id": "{key}"' + "}")
    assert first.json == again.json


@pytest.mark.parametrize(
    ("request_", "sentence"),
    [
        ("[]", "has to be a JSON object"),
        ("{", "is not JSON"),
        ('{"lines": [], "starts_at": "2026-03-10T15:00Z"}', "customer_id is missing."),
        (WISH.replace("1}]", '"x"}]'), "lines.0.stylist_id: has to be a valid integer"),
        (WISH.replace("stylist_id", "stylistid"), "lines.0.stylistid is not known here; known are service_id"),
        (WISH.replace("00Z", "00"), "starts_at needs its zone: 2026-03-10T15:00:00+00:00"),
    ],
)
def test_every_wrong_field_has_a_sentence(run: Run, request_: str, sentence: str) -> None:
    ended = run("do", "booking.book", "--json", request_)
    assert ended.code == 2
    assert sentence in ended.err
    assert ended.json["refused"] == "Usage"


def test_a_mistyped_name_hears_what_was_meant(run: Run) -> None:
    assert "Did you mean booking.book" in run("do", "booking.bok").err
