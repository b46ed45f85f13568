#!/usr/bin/env bash
# Inputs of the action -> annotations, files with the verdict and the graph, and the summary of the job; ends as
# `bootready validate` ends.
set -euo pipefail
directory=${BOOTREADY_DIRECTORY:-.}
sarif=$RUNNER_TEMP/bootready.sarif
read -r -a more <<<"${BOOTREADY_ARGUMENTS:-}"
rm -f "$RUNNER_TEMP/bootready.md" "$RUNNER_TEMP/bootready.mmd" # of a step before
code=0
bootready validate -C "$directory" --format github --output "sarif=$sarif" --output "markdown=$RUNNER_TEMP/bootready.md" \
  "${more[@]}" || code=$?
[ ! -e "$sarif" ] || echo "sarif=$sarif" >>"$GITHUB_OUTPUT"
if [ "${BOOTREADY_GRAPH:-true}" = true ]; then
  # Of one project; several have no common graph, and a project that cannot be read has none.
  graph=$(bootready report -C "$directory" --engine none --format mermaid 2>/dev/null) || graph=
  printf '%s\n' "$graph" >"$RUNNER_TEMP/bootready.mmd"
  # shellcheck disable=SC2016 # these are the marks of a fence, not a command
  [ -z "$graph" ] || printf '\n```mermaid\n%s\n```\n' "$graph" >>"$GITHUB_STEP_SUMMARY"
fi
exit "$code"
