import { describe, expect, test } from "vitest";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { Action, LabelHolding, Role, SpaceKind, Tool } from "#/core/api/schema";
import { obstacle } from "./obstacle";
import { verdict } from "./refusals";

const space = (role: Role, tools: Tool[], abilities: Action[], kind: SpaceKind = "team") => ({
  own: {
    space: {
      id: "s",
      organisation_id: "o",
      kind,
      label: "internal" as const,
      tools,
      name: { format: "plain" as const, text: "Plan neige" },
      description: { format: "plain" as const, text: "" },
      created_at: "2026-03-01T08:00:00Z",
      members_count: 2,
      faces: [],
    },
    role,
    abilities,
    barred: 0,
  },
  holding: null as LabelHolding | null,
});

const holding = (state: LabelHolding["state"], reason: string): LabelHolding => ({
  label: "internal",
  state,
  rule: state === "open" ? "allowed" : "approval",
  reason,
  also: [],
  until: null,
  then_state: null,
  then_reason: null,
});

const refused = (rule: string): ProblemError =>
  new ProblemError({ type: "about:blank", status: 403, code: "refused", title: "Non", rule });

describe("what stands in the way", () => {
  test("nothing, where one may", () => {
    expect(obstacle(space("contributor", ["files"], ["files:file:upload"]), "files:file:upload")).toBeNull();
  });

  test("a tool that is off, whatever one's role", () => {
    for (const role of ["reader", "contributor", "manager"] as const) {
      expect(obstacle(space(role, ["chat"], []), "files:file:read")).toEqual({
        kind: "tool-off",
        tool: "files",
      });
      expect(obstacle(space(role, ["chat"], []), "meet:call:speak")).toEqual({
        kind: "tool-off",
        tool: "meet",
      });
    }
  });

  test("a tool that is off comes before a server that does not answer", () => {
    const found = obstacle(space("manager", ["chat"], []), "files:file:read", new Unreachable());
    expect(found).toEqual({ kind: "tool-off", tool: "files" });
  });

  test("reading only is told to readers alone", () => {
    expect(obstacle(space("reader", ["files"], ["files:file:read"]), "files:file:upload")?.kind).toBe(
      "reader",
    );
    const manages = obstacle(space("contributor", ["chat"], []), "spaces:space:edit");
    expect(manages).toEqual({ kind: "rule", told: verdict("role", "needs-manager") });
  });

  test("a direct is set by nobody", () => {
    const direct = space("contributor", ["chat"], [], "direct");
    expect(obstacle(direct, "spaces:space:edit")).toEqual({
      kind: "rule",
      told: verdict("space-kind", "not-in-direct"),
    });
  });

  test("the server's refusal is told by its rule, and not as silence", () => {
    const own = space("contributor", ["files"], ["files:file:read"]);
    const asked = (error: Error) => obstacle(own, "files:file:read", error);
    expect(asked(refused("tool-off"))).toEqual({ kind: "tool-off", tool: "files" });
    expect(asked(refused("guest-label"))).toMatchObject({ kind: "rule", told: { rule: "guest-label" } });
    expect(asked(refused("role"))).toMatchObject({ kind: "rule", told: { rule: "role" } });
  });

  test("what nobody refused is a failure", () => {
    const own = space("contributor", ["files"], ["files:file:read"]);
    const silent = new Unreachable();
    expect(obstacle(own, "files:file:read", silent)).toEqual({ kind: "failed", error: silent });
  });

  test("what may be held comes before tools and rights, and leaves reading alone", () => {
    const reads = { ...space("reader", ["chat"], []), holding: holding("read-only", "approval-expired") };
    const told = verdict("approval", "approval-expired");
    expect(obstacle(reads, "chat:message:send")).toEqual({ kind: "held", state: "read-only", told });
    expect(obstacle(reads, "files:file:upload")).toEqual({ kind: "held", state: "read-only", told });
    expect(obstacle(reads, "files:file:read")).toEqual({ kind: "tool-off", tool: "files" });
    const shut = { ...reads, holding: holding("closed", "no-approval") };
    expect(obstacle(shut, "chat:message:read")).toMatchObject({ kind: "held", state: "closed" });
  });

  test("what may be held is no obstacle to what one may do all the same", () => {
    const manages = space("manager", ["chat"], ["spaces:member:remove"]);
    const shut = { ...manages, holding: holding("closed", "no-approval") };
    expect(obstacle(shut, "spaces:member:remove")).toBeNull();
    expect(obstacle({ ...manages, holding: holding("open", "approved") }, "chat:message:send")).toMatchObject(
      {
        kind: "rule",
      },
    );
  });
});
