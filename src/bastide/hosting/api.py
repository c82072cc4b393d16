"""Hosting over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.status_codes import HTTP_200_OK

from bastide.core.policy import Actor, Approval, HostingException, HostingProfile
from bastide.hosting.model import NewOffer, NewPartner, NewReading, RuleView, Trial, TrialView
from bastide.hosting.service import HostingRule
from bastide.people.model import PersonCard


class RuleController(Controller):
    """What is declared of this instance, and what it may hold because of it."""

    path = "/api/rule"
    tags = ["hosting"]

    @get(sync_to_thread=False)
    def rule(self, actor: Actor, hosting: HostingRule) -> RuleView:
        """All that is declared, and what follows from it today."""
        return hosting.view(actor)

    @get("/officers")
    async def officers(self, actor: Actor, hosting: HostingRule) -> list[PersonCard]:
        """Who may declare: whom to ask when what is declared stands in the way."""
        return await hosting.officers(actor)

    @post("/trial", status_code=HTTP_200_OK)
    async def trial(self, actor: Actor, hosting: HostingRule, data: Trial) -> TrialView:
        """What would follow of a declaration or a withdrawal; nothing is declared by asking."""
        return await hosting.trial(actor, data)

    # `seen` is the version that the form showed (`RuleView.versions`): where another stands by now, the answer is a conflict.

    @put("/profile")
    async def profile(
        self, actor: Actor, hosting: HostingRule, data: HostingProfile, seen: str | None = None
    ) -> RuleView:
        """Declare where the instance lies."""
        return await hosting.declare_profile(actor, data, seen)

    @put("/reading")
    async def reading(
        self, actor: Actor, hosting: HostingRule, data: NewReading, seen: str | None = None
    ) -> RuleView:
        """Declare how R9 is read."""
        return await hosting.declare_reading(actor, data.reading, seen)

    @put("/approval")
    async def approval(
        self, actor: Actor, hosting: HostingRule, data: Approval, seen: str | None = None
    ) -> RuleView:
        """Declare what the instance was approved to hold, or its review. One that begins later follows the one in force."""
        return await hosting.declare_approval(actor, data, seen)

    @delete("/approvals/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_approval(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Withdraw an approval."""
        return await hosting.withdraw(actor, "approval", declaration_id)

    @put("/offer")
    async def offer(
        self, actor: Actor, hosting: HostingRule, data: NewOffer, seen: str | None = None
    ) -> RuleView:
        """Declare since when an acceptable offer exists."""
        return await hosting.declare_offer(actor, data, seen)

    @delete("/offers/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_offer(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Withdraw what was said of an offer."""
        return await hosting.withdraw(actor, "offer", declaration_id)

    @post("/exceptions", status_code=HTTP_200_OK)
    async def exception(self, actor: Actor, hosting: HostingRule, data: HostingException) -> RuleView:
        """Declare an exception that was granted."""
        return await hosting.declare_exception(actor, data)

    @delete("/exceptions/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_exception(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Withdraw an exception."""
        return await hosting.withdraw(actor, "exception", declaration_id)

    @post("/partners", status_code=HTTP_200_OK)
    async def partner(self, actor: Actor, hosting: HostingRule, data: NewPartner) -> RuleView:
        """Let another organisation's agents into one's own organisation's restricted spaces."""
        return await hosting.admit_partner(actor, data.partner_id)

    @delete("/partners/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_partner(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Let them in no more."""
        return await hosting.withdraw_partner(actor, declaration_id)
