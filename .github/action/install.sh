#!/usr/bin/env bash
# Installs a released binary, after its checksum was verified, and puts it on the PATH of the steps that follow.
set -euo pipefail

case "$RUNNER_OS-$RUNNER_ARCH" in
  Linux-X64) target=x86_64-unknown-linux-musl ;;
  Linux-ARM64) target=aarch64-unknown-linux-musl ;;
  macOS-X64) target=x86_64-apple-darwin ;;
  macOS-ARM64) target=aarch64-apple-darwin ;;
  Windows-X64) target=x86_64-pc-windows-msvc ;;
  *) echo "::error::there is no release for $RUNNER_OS on $RUNNER_ARCH" && exit 1 ;;
esac
archive=vision-eval-$target.tar.gz
releases=$GITHUB_SERVER_URL/${REPOSITORY:-vision-eval/vision-eval}/releases
case "$VERSION" in
  v[0-9]*.[0-9]*.[0-9]*) from=$releases/download/$VERSION ;;
  [0-9]*.[0-9]*.[0-9]*) from=$releases/download/v$VERSION ;;
  # A branch, a commit or a major version of the action says nothing about a release.
  *) from=$releases/latest/download ;;
esac

bin=$RUNNER_TEMP/vision-eval/bin
fetched=$(mktemp -d)
trap 'rm -rf "$fetched"' EXIT
curl --fail --silent --show-error --location --retry 3 --output "$fetched/$archive" "$from/$archive"
if [ -n "$SHA256" ]; then
  wanted=$SHA256
else
  curl --fail --silent --show-error --location --retry 3 --output "$fetched/SHA256SUMS" "$from/SHA256SUMS"
  wanted=$(awk -v name="$archive" '$2 == name || $2 == "*" name { print $1 }' "$fetched/SHA256SUMS")
fi
if command -v sha256sum >/dev/null; then
  found=$(sha256sum "$fetched/$archive" | cut -d ' ' -f 1)
else
  found=$(shasum -a 256 "$fetched/$archive" | cut -d ' ' -f 1)
fi
if [ -z "$wanted" ] || [ "$found" != "$wanted" ]; then
  echo "::error::the checksum of $archive is $found, not ${wanted:-listed}: nothing was installed"
  exit 1
fi
mkdir -p "$bin"
tar -xzf "$fetched/$archive" -C "$bin"
echo "$bin" >>"$GITHUB_PATH"
"$bin/vision-eval" --version
