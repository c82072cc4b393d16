import type audit from "#/core/i18n/fr/audit.json";

/** The acts that the audit has words for, as the words name them. */
export type ActKey = keyof (typeof audit)["act"];

/** The words' name of an act: « : » parts namespaces in them. */
export const actKey = (action: string): ActKey => action.replaceAll(":", "_") as ActKey;

/** What one may look for, in the order in which it is offered. */
export const ACTS = [
  "people:session:open",
  "people:session:confirm",
  "people:first:accept",
  "people:passkey:add",
  "people:passkey:rename",
  "people:passkey:remove",
  "people:recovery:renew",
  "people:agent:invite",
  "hosting:declaration:make",
  "spaces:space:create",
  "spaces:space:edit",
  "spaces:space:export",
  "spaces:space:read",
  "spaces:description:read",
  "spaces:space:join",
  "spaces:space:leave",
  "spaces:space:discover",
  "spaces:direct:create",
  "spaces:guest:invite",
  "spaces:member:add",
  "spaces:member:change",
  "spaces:member:remove",
  "spaces:member:list",
  "spaces:label:raise",
  "spaces:label:lower",
  "spaces:label:confirm",
  "spaces:label:read",
  "chat:message:read",
  "chat:message:send",
  "chat:message:edit",
  "chat:message:delete",
  "chat:channel:create",
  "chat:channel:edit",
  "files:file:read",
  "files:file:upload",
  "files:file:remove",
  "meet:call:start",
  "meet:call:join",
  "meet:call:speak",
  "meet:call:read",
  "people:directory:search",
  "people:profile:edit",
  "hosting:declaration:read",
  "audit:trail:read",
  "audit:refusals:dropped",
] as const;
