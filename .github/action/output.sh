#!/usr/bin/env bash
# Is read by the other scripts.

# output NAME VALUE: sets an output. A name in a configuration may hold line breaks, so that no line of it may end the value.
output() {
  local end
  end=end-$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  printf '%s<<%s\n%s\n%s\n' "$1" "$end" "$2" "$end" >>"$GITHUB_OUTPUT"
}
