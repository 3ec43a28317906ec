"""Pages of this part of the desk."""

from collections.abc import Sequence

from desk.after.compensation_pages import compensation_routes
from desk.after.export_pages import export_routes
from desk.after.orders_pages import orders_routes
from desk.after.steps_pages import steps_routes
from desk.after.survey_pages import survey_routes
from desk.web.routing import Page


def after_pages() -> Sequence[Page]:
    """Every page."""
    return [*orders_routes(), *steps_routes(), *compensation_routes(), *survey_routes(), *export_routes()]
