"""Who may do what, and the words when the answer is no."""

from __future__ import annotations

import pytest

from frontdesk.permissions import APPROVABLE, MAY, Actor, Deed, Role, refusal_for


def _somebody(role: Role) -> Actor:
    return Actor(user_id=1, name="Sam", role=role, business_id=1)


def test_every_role_is_decided() -> None:
    assert set(MAY) == set(Role)


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("deed", Deed)
def test_a_no_always_says_what_to_do_instead(role: Role, deed: Deed) -> None:
    remedy = refusal_for(_somebody(role), deed)
    assert (remedy is None) is (deed in MAY[role])
    if remedy is not None:
        assert remedy.startswith(("Ask a", "A manager can approve"))
        assert remedy.startswith("A manager can") is (deed in APPROVABLE)


def test_an_admin_may_everything_and_an_auditor_changes_nothing() -> None:
    assert MAY[Role.ADMIN] == frozenset(Deed)
    assert all(deed.value.startswith(("see", "look")) for deed in MAY[Role.AUDITOR])
