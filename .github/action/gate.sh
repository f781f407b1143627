#!/usr/bin/env bash
# Checks the run against the baseline, and writes the comment for the pull request.
set -euo pipefail
# shellcheck source=.github/action/output.sh
. "$(dirname "${BASH_SOURCE[0]}")/output.sh"

out=$RUNNER_TEMP/vision-eval/out
baselines=$(dirname "$CONFIG")/reports/baselines

# What the pull request does to the baseline: nothing, changed, added, deleted, or unknown where its base cannot be fetched.
change=nothing
base=$(jq -r '.pull_request.base.sha // empty' "$GITHUB_EVENT_PATH")
if [ -n "$base" ]; then
  if ! git cat-file -e "$base^{commit}" 2>/dev/null && ! git fetch --quiet --depth 1 origin "$base" 2>/dev/null; then
    change=unknown
  elif [ -z "$(git ls-tree --name-only "$base" -- "$baselines/$BASELINE.json")" ]; then
    [ ! -f "$baselines/$BASELINE.json" ] || change=added
  elif [ ! -f "$baselines/$BASELINE.json" ]; then
    change=deleted
  elif ! git diff --quiet "$base" -- "$baselines/$BASELINE.json"; then
    change=changed
  fi
fi

# A gate without its baseline would pass whatever the pull request does.
if [ ! -f "$baselines/$BASELINE.json" ] && { [ "$change" = deleted ] || [ "$change" = unknown ]; }; then
  mkdir -p "$out"
  case $change in
    deleted) said="This pull request deletes the baseline \`$BASELINE\`" ;;
    *) said="There is no baseline \`$BASELINE\`, and whether this pull request deletes it is not known: its base could not be fetched" ;;
  esac
  printf '<!-- vision-eval:gate-%s -->\n**%s**: nothing was compared, and the gate fails.\n' "$BASELINE" "$said" >"$out/comment.md"
  echo "::error::${said//\`/}: the gate fails"
  output gate 96
  exit 96
fi
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
if [ "$change" = unknown ] && { [ "$code" = 0 ] || [ "$code" = 3 ]; }; then
  code=96
fi
output gate "$code"
# One comment for the baseline, whichever of its providers could be used this time.
if [ -f "$out/comment.md" ]; then
  { echo "<!-- vision-eval:gate-$BASELINE -->" && tail -n +2 "$out/comment.md"; } >"$out/comment.md.new"
  mv "$out/comment.md.new" "$out/comment.md"
fi

# A pull request that changes the baseline is held against its own: whoever reviews it should know.
said=
case $change in
  changed | added) said="**This pull request changes the baseline \`$BASELINE\`**: the run was compared with the new one." ;;
  unknown)
    said="**It is not known whether this pull request changes the baseline \`$BASELINE\`**: its base could not be fetched, and the gate fails."
    echo "::error::the base of the pull request could not be fetched, so that a changed baseline would not be seen"
    ;;
esac
if [ -n "$said" ] && [ -f "$out/comment.md" ]; then
  printf '\n%s\n' "$said" >>"$out/comment.md"
fi
if [ "$code" = 3 ] && [ "$INCONCLUSIVE" = pass ]; then
  echo "::warning::the gate is inconclusive, and passes as this action's input \`inconclusive\` says"
  exit 0
fi
exit "$code"
