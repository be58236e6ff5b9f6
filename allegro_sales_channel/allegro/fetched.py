"""What came of asking for one order."""

from dataclasses import dataclass

from .checkout_form import CheckoutForm
from .errors import (
    AllegroDataError,
    AllegroForbiddenError,
    AllegroNotFoundError,
    AllegroRejectedError,
)
from .form_state import FormState


@dataclass(frozen=True)
class Fetched:
    """One form as asked for: either the form or what was wrong with it.

    ``error`` is :class:`AllegroNotFoundError` for a form that is gone,
    :class:`AllegroDataError` for one that can't be read, :class:`AllegroForbiddenError`
    for another seller's and :class:`AllegroRejectedError` for one that Allegro does not
    give for another reason; an outage is raised instead. ``state`` is there beside the
    form, and beside :class:`AllegroDataError` as well when there was at least an id: it
    is enough to follow and to cancel an order that is known.
    """

    checkout_form_id: str
    form: CheckoutForm | None = None
    error: (
        AllegroNotFoundError
        | AllegroDataError
        | AllegroForbiddenError
        | AllegroRejectedError
        | None
    ) = None
    state: FormState | None = None

    def __post_init__(self):
        if self.form and not self.state:
            object.__setattr__(self, "state", self.form.state)

    @classmethod
    def from_json(cls, json, checkout_form_id=""):
        """
        :param json: the form as ``json`` parsed it
        :param checkout_form_id: the id by which it was asked for
        """
        state = FormState.from_json(json)
        form_id = checkout_form_id or (state.id if state else "")
        try:
            return cls(form_id, CheckoutForm.from_json(json))
        except AllegroDataError as error:
            return cls(form_id, error=error, state=state)
