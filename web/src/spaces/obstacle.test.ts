import { describe, expect, test } from "vitest";
import { ProblemError, Unreachable } from "#/core/api/errors";
import type { Action, Role, SpaceKind, Tool } from "#/core/api/schema";
import type { HeldSpace } from "#/core/journal/house";
import { obstacle } from "./obstacle";

const space = (role: Role, tools: Tool[], abilities: Action[], kind: SpaceKind = "team"): HeldSpace => ({
  space: {
    id: "s",
    organisation_id: "o",
    kind,
    label: "internal",
    tools,
    name: { format: "plain", text: "Plan neige" },
    description: { format: "plain", text: "" },
    created_at: "2026-03-01T08:00:00Z",
    members_count: 2,
    faces: [],
  },
  role,
  abilities,
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
    expect(manages).toEqual({ kind: "rule", rule: "role" });
  });

  test("a direct is set by nobody", () => {
    const direct = space("contributor", ["chat"], [], "direct");
    expect(obstacle(direct, "spaces:space:edit")).toEqual({ kind: "rule", rule: "space-kind" });
  });

  test("the server's refusal is told by its rule, and not as silence", () => {
    const own = space("contributor", ["files"], ["files:file:read"]);
    const asked = (error: Error) => obstacle(own, "files:file:read", error);
    expect(asked(refused("tool-off"))).toEqual({ kind: "tool-off", tool: "files" });
    expect(asked(refused("guest-label"))).toEqual({ kind: "rule", rule: "guest-label" });
    expect(asked(refused("role"))).toEqual({ kind: "rule", rule: "role" });
  });

  test("what nobody refused is a failure", () => {
    const own = space("contributor", ["files"], ["files:file:read"]);
    const silent = new Unreachable();
    expect(obstacle(own, "files:file:read", silent)).toEqual({ kind: "failed", error: silent });
  });
});
