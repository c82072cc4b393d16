"""What a test's instance is said to be: on its own premises, approved for everything, unless the test says otherwise."""

from bastide.core.policy import Approval, Hosting, HostingProfile, Label
from bastide.hosting.service import OPERATOR
from bastide.house import House


async def declare(
    house: House, hosting: Hosting = Hosting.PREMISES, ceiling: Label = Label.RESTRICTED
) -> None:
    """Say where a house's instance lies, and up to what it was approved, for two years from today."""
    day = house.rulebook.today
    await house.hosting.do_declare_profile(OPERATOR, HostingProfile(hosting))
    approval = Approval("La préfète", ceiling, day, day.replace(year=day.year + 2))
    await house.hosting.do_declare_approval(OPERATOR, approval)
