"""The first thing in an empty database: a business, its shop and its first admin."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import text

from frontdesk.clock import zone
from frontdesk.db.transactions import spoken
from frontdesk.errors import BadInput
from frontdesk.services.people.sign_in import Secret, Sessions
from frontdesk.text import clean


@dataclass(frozen=True)
class FoundBusiness:
    """What setup asks for."""

    name: str
    code: str
    shop: str
    timezone: str
    currency: str
    locale: str
    country: str
    admin_login: str
    admin_name: str
    admin_password: str
    preset: str = "salon"
    tax_rounding: str = "line"
    address: str = ""
    receipt_footer: str = ""


@dataclass(frozen=True)
class Founded:
    """What was made."""

    business_id: int
    shop_id: int
    user_id: int


def found_business(owner: Sessions, request: FoundBusiness) -> Founded:
    """Make a business with one shop and its first admin.

    Runs as the owner of the tables, before anybody can be signed in. Raises BadInput and NameTaken.
    """
    zone(request.timezone)
    if not clean(request.name):
        raise BadInput("The business needs a name.", field="name")
    secret = Secret.of(request.admin_password)
    with spoken(), owner() as session:
        row = session.execute(
            text(_FOUND),
            {
                "name": clean(request.name),
                "code": request.code,
                "preset": request.preset,
                "shop": clean(request.shop),
                "address": request.address,
                "timezone": request.timezone,
                "currency": request.currency,
                "locale": request.locale,
                "country": request.country,
                "tax_rounding": request.tax_rounding,
                "footer": request.receipt_footer,
                "login": request.admin_login,
                "admin": clean(request.admin_name),
                "scheme": secret.scheme,
                "salt": secret.salt,
                "key": secret.key,
            },
        ).one()
        session.commit()
    return Founded(row.business_id, row.shop_id, row.user_id)


_FOUND = """
WITH business AS (
    INSERT INTO businesses (name, code, preset) VALUES (:name, :code, :preset) RETURNING id
), shop AS (
    INSERT INTO shops (business_id, name, address, timezone, currency, locale, country, tax_rounding, receipt_footer)
    SELECT id, :shop, :address, :timezone, :currency, :locale, :country, :tax_rounding, :footer FROM business
    RETURNING id
), drawer AS (
    INSERT INTO drawers (business_id, shop_id, name) SELECT business.id, shop.id, 'Drawer 1' FROM business, shop
), admin AS (
    INSERT INTO users (business_id, login, name, role) SELECT id, :login, :admin, 'admin' FROM business RETURNING id
), secret AS (
    INSERT INTO user_secrets (user_id, method, scheme, salt, key_hash)
    SELECT id, 'password', :scheme, :salt, sha256(decode(:key, 'hex')) FROM admin
)
SELECT business.id AS business_id, shop.id AS shop_id, admin.id AS user_id FROM business, shop, admin
"""
