#!/usr/bin/env bash
# Keeps one comment on the pull request up to date. The first line of its text is a hidden marker that says which one it is.
set -euo pipefail

comment=$RUNNER_TEMP/vision-eval/out/comment.md
number=$(jq -r '.pull_request.number // empty' "$GITHUB_EVENT_PATH")
if [ -z "$number" ] || [ ! -f "$comment" ]; then
  echo "nothing to comment on"
  exit 0
fi
api=$GITHUB_API_URL/repos/$GITHUB_REPOSITORY/issues
answer=$(mktemp)
trap 'rm -f "$answer"' EXIT

# ask METHOD ADDRESS [FILE]: the answer is in $answer, the status is printed. The token is not in the list of processes.
ask() {
  local data=()
  [ -z "${3:-}" ] || data=(--data-binary "@$3")
  printf 'header = "Authorization: Bearer %s"\n' "$TOKEN" |
    curl --config - --silent --show-error --retry 3 --request "$1" --output "$answer" --write-out '%{http_code}' \
      --header 'Accept: application/vnd.github+json' --header 'X-GitHub-Api-Version: 2022-11-28' "${data[@]}" "$2"
}

refused() {
  # Pull requests from forks may not comment; the job summary says the same.
  echo "::warning::the comment could not be $1 (status $2); the job summary has the result"
  exit 0
}

marker=$(head -n 1 "$comment")
id=
page=1
while :; do
  status=$(ask GET "$api/$number/comments?per_page=100&page=$page")
  [ "$status" = 200 ] || refused read "$status"
  id=$(jq -r --arg marker "$marker" --arg author "$AUTHOR" \
    '[.[] | select(.user.login == $author and (.body | startswith($marker))) | .id][0] // empty' "$answer")
  if [ -n "$id" ] || [ "$(jq length "$answer")" != 100 ]; then
    break
  fi
  page=$((page + 1))
done
body=$(mktemp)
trap 'rm -f "$answer" "$body"' EXIT
jq -Rs '{body: .}' "$comment" >"$body"
if [ -n "$id" ]; then
  status=$(ask PATCH "$api/comments/$id" "$body")
else
  status=$(ask POST "$api/$number/comments" "$body")
fi
case "$status" in
  200 | 201) jq -r '"comment: \(.html_url)"' "$answer" ;;
  *) refused written "$status" ;;
esac
