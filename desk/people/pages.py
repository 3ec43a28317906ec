"""Pages of this part of the desk."""

from collections.abc import Sequence

from desk.people.admin_pages import admin_pages
from desk.people.audit_pages import audit_pages
from desk.people.context import Context
from desk.people.link_pages import LinkPages
from desk.people.openid_pages import OpenIdPages
from desk.people.profile_pages import ProfilePages
from desk.people.sign_in_pages import SignInPages
from desk.web.routing import Page


def people_pages() -> Sequence[Page]:
    """Every page."""
    context = Context()
    sign_in = SignInPages(context)
    return [
        *sign_in.pages(),
        *OpenIdPages(context, sign_in).pages(),
        *LinkPages(context).pages(),
        *ProfilePages(context).pages(),
        *admin_pages(),
        *audit_pages(),
    ]
