#!/usr/bin/env bash
# Checks the run against the baseline, and writes the comment for the pull request.
set -euo pipefail

out=$RUNNER_TEMP/vision-eval/out
baselines=$(dirname "$CONFIG")/reports/baselines
if [ ! -f "$baselines/$BASELINE.json" ]; then
  echo "::notice::there is no baseline $BASELINE yet: save one with \`vision-eval baseline set $BASELINE\` and commit it"
  exit 0
fi
# Where some providers were left out, the first of the others is compared with its own part of the baseline.
against=$BASELINE
if [ -n "$ONLY" ]; then
  shown=$(vision-eval --config "$CONFIG" baseline show "$BASELINE" --format json)
  label=$(jq -r --arg only "$ONLY" '[.means[].provider] as $known
    | [$only | split(",")[] | select(IN($known[]))][0] // empty' <<<"$shown")
  if [ -z "$label" ]; then
    echo "::notice::the baseline $BASELINE has none of the providers that were evaluated: no gate"
    exit 0
  fi
  against=$BASELINE@$label
fi
code=0
vision-eval --config "$CONFIG" gate "$out/run" --baseline "$against" -o "$out/gate.html" -o "$out/comment.md" || code=$?
echo "gate=$code" >>"$GITHUB_OUTPUT"
# One comment for the baseline, whichever of its providers could be used this time.
if [ -f "$out/comment.md" ]; then
  { echo "<!-- vision-eval:gate-$BASELINE -->" && tail -n +2 "$out/comment.md"; } >"$out/comment.md.new"
  mv "$out/comment.md.new" "$out/comment.md"
fi

# A pull request that changes the baseline is held against its own: whoever reviews it should know.
base=$(jq -r '.pull_request.base.sha // empty' "$GITHUB_EVENT_PATH")
if [ -n "$base" ] && [ -f "$out/comment.md" ] && git fetch --quiet --depth 1 origin "$base" 2>/dev/null &&
  ! git diff --quiet "$base" -- "$baselines/$BASELINE.json"; then
  printf "\n**This pull request changes the baseline \`%s\`**: the run was compared with the new one.\n" "$BASELINE" >>"$out/comment.md"
fi
exit "$code"
