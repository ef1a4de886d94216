"""Made-up shops: a busy one around today, and the small one of the proofs."""

from __future__ import annotations

from frontdesk.services.seeding.fixture import seed_fixture
from frontdesk.services.seeding.shop import seed
from frontdesk.services.seeding.wish import NotEmpty, Seeded, SeededPerson, SeedShop, Size

__all__ = ["NotEmpty", "SeedShop", "Seeded", "SeededPerson", "Size", "seed", "seed_fixture"]
