import { Link } from "@tanstack/react-router";
import type { ReactElement } from "react";
import type { Label } from "#/core/api/schema";
import { useMe } from "#/core/session/useMe";

const ABOUT_HOLDING: readonly string[] = ["hosting", "hosting-restricted", "approval"];

/** Where a rule is explained: what is declared, to who may read that; to everybody else the page of the label. */
export function ReadRule({
  rule,
  label,
  children,
}: {
  rule: string;
  label: Label;
  children: string;
}): ReactElement {
  const { abilities } = useMe();
  if (ABOUT_HOLDING.includes(rule) && abilities.includes("hosting:declaration:read")) {
    return <Link to="/rule">{children}</Link>;
  }
  return (
    <Link to="/labels/$label" params={{ label }}>
      {children}
    </Link>
  );
}
