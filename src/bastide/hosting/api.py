"""Hosting over HTTP."""

from uuid import UUID

from litestar import Controller, delete, get, post, put
from litestar.status_codes import HTTP_200_OK

from bastide.core.policy import Actor, Approval, HostingException, HostingProfile
from bastide.hosting.model import NewPartner, NewReading, RuleView
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

    @get("/administrators")
    async def administrators(self, actor: Actor, hosting: HostingRule) -> list[PersonCard]:
        """Who may declare: whom to ask when what is declared stands in the way."""
        return await hosting.administrators(actor)

    @put("/profile")
    async def profile(self, actor: Actor, hosting: HostingRule, data: HostingProfile) -> RuleView:
        """Declare where the instance lies."""
        return await hosting.declare_profile(actor, data)

    @put("/reading")
    async def reading(self, actor: Actor, hosting: HostingRule, data: NewReading) -> RuleView:
        """Declare how R9 is read."""
        return await hosting.declare_reading(actor, data.reading)

    @put("/approval")
    async def approval(self, actor: Actor, hosting: HostingRule, data: Approval) -> RuleView:
        """Declare what the instance was approved to hold, or its yearly review."""
        return await hosting.declare_approval(actor, data)

    @delete("/approval", status_code=HTTP_200_OK)
    async def no_approval(self, actor: Actor, hosting: HostingRule) -> RuleView:
        """Withdraw the approval."""
        return await hosting.withdraw_approval(actor)

    @post("/exceptions", status_code=HTTP_200_OK)
    async def exception(self, actor: Actor, hosting: HostingRule, data: HostingException) -> RuleView:
        """Declare an exception that was granted."""
        return await hosting.declare_exception(actor, data)

    @delete("/exceptions/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_exception(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Withdraw an exception."""
        return await hosting.withdraw_exception(actor, declaration_id)

    @post("/partners", status_code=HTTP_200_OK)
    async def partner(self, actor: Actor, hosting: HostingRule, data: NewPartner) -> RuleView:
        """Let another organisation's agents into one's own organisation's restricted spaces."""
        return await hosting.admit_partner(actor, data.partner_id)

    @delete("/partners/{declaration_id:uuid}", status_code=HTTP_200_OK)
    async def no_partner(self, actor: Actor, hosting: HostingRule, declaration_id: UUID) -> RuleView:
        """Let them in no more."""
        return await hosting.withdraw_partner(actor, declaration_id)
