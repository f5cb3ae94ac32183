"""Whether an exchange keeps the rules of its programme."""

from uuid import UUID

from litestar import get
from litestar.di import NamedDependency
from litestar.params import FromPath

from yema.accounts.signed_in import SignedIn
from yema.exchanges.queries import memberships
from yema.exchanges.queries.overview import programme
from yema.exchanges.schemas.overview.eligibility import EligibilityView


@get("/exchanges/{exchange_id:uuid}/eligibility", operation_id="readEligibility")
async def read_eligibility(exchange_id: FromPath[UUID], person: NamedDependency[SignedIn]) -> EligibilityView:
    """Each rule of the programme for this exchange: whether it holds, by how much it is missed, and where it stands. Leaders only.

    What nobody can say yet, such as the age of somebody whose birthday is in the month of the start, is said to be unknown.
    """
    return await programme.eligibility_of(await memberships.exchange_led_by(person, exchange_id), person)


handlers = [read_eligibility]
