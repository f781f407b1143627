#!/usr/bin/env bash
# Runs the evaluation. The tool itself appends its report to the job summary.
set -euo pipefail
# shellcheck source=.github/action/output.sh
. "$(dirname "${BASH_SOURCE[0]}")/output.sh"

out=$RUNNER_TEMP/vision-eval/out
mkdir -p "$out"
export XDG_CACHE_HOME=$RUNNER_TEMP/vision-eval/cache
arguments=(--config "$CONFIG")

# Providers of the configuration that cannot be used here are left out. Without keys, as on pull requests from forks, only
# what runs on the runner itself is evaluated, and nothing is spent.
only=
if [ -z "$PROVIDERS" ]; then
  checked=$(vision-eval "${arguments[@]}" providers check --format json || true)
  if jq -e '[.providers[] | select(.ready | not)] | length > 0' <<<"$checked" >/dev/null; then
    # A name may hold line breaks, and a log obeys what a line begins with.
    jq -r '.providers[] | select(.ready | not)
      | "::notice::" + ("left out: \(.label): \(.message | split("\n")[0])" | gsub("%"; "%25") | gsub("[\r\n]"; " "))' <<<"$checked"
    only=$(jq -r '[.providers[] | select(.ready) | .label] | join(",")' <<<"$checked")
    PROVIDERS=$only
    # The blind controls of the configuration need no key.
    if [ -n "$only" ] && vision-eval "${arguments[@]}" plan --provider "$only,control" >/dev/null 2>&1; then
      PROVIDERS=$only,control
    fi
    [ -n "$PROVIDERS" ] || { echo "::error::no provider of the configuration can be used here" && exit 1; }
  fi
fi
[ -z "$PROVIDERS" ] || arguments+=(--provider "$PROVIDERS")
[ -z "$BUDGET_USD" ] || arguments+=(--budget-usd "$BUDGET_USD")
# shellcheck disable=SC2206 # they are separated by spaces
arguments+=(--cache "$CACHE" $RUN_ARGUMENTS)

output run "$out/run"
output report "$out/report.html"
output only "$only"
code=0
vision-eval run "${arguments[@]}" --yes --run-dir "$out/run" -o "$out/report.html" -o "$out/report.junit.xml" || code=$?
# Missing trials are for the gate to judge.
[ "$code" = 5 ] && [ -f "$out/run/plan.json" ] && code=0
exit "$code"
