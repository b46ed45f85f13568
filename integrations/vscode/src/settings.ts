/** Settings of the user -> the program that is started, and which findings are shown. */

export type Severity = "error" | "warning" | "note";

/** How the Language Server Protocol and VS Code's own API number what we call a severity. */
const RANKS: Readonly<Record<Severity, number>> = { error: 0, warning: 1, note: 2 };

export interface Program {
  readonly command: string;
  readonly args: readonly string[];
}

/** Returns the program that serves an editor; a setting that is empty is none. */
export function programOf(path: string | undefined): Program {
  return { command: path?.trim() || "bootready", args: ["lsp", "--stdio"] };
}

/** Returns the findings that are at least as grave as `least`; `severity` as VS Code has it, from 0. */
export function shown<Finding extends { readonly severity: number }>(
  findings: readonly Finding[],
  least: string | undefined,
): Finding[] {
  const rank = RANKS[(least ?? "note") as Severity] ?? RANKS.note;
  return findings.filter((finding) => finding.severity <= rank);
}

/** The files that a project is written in: Compose files and env files. */
export const SELECTOR = [
  { scheme: "file", language: "yaml" },
  { scheme: "file", language: "dockercompose" },
  { scheme: "file", pattern: "**/{.env,*.env,.env.*}" },
];

/** What is looked at again if another program changes it. */
export const WATCHED = "**/{*.yaml,*.yml,.env,*.env,.env.*,bootready.toml}";
