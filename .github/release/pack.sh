#!/usr/bin/env bash
# Packs a built binary as it is released: pack.sh BINARY TARGET FOLDER writes FOLDER/vision-eval-TARGET.tar.gz.
set -euo pipefail
binary=$1 target=$2 out=$3
root=$(cd "$(dirname "$0")/../.." && pwd)
packed=$(mktemp -d)
trap 'rm -rf "$packed"' EXIT
cp "$binary" "$root/README.md" "$root/CHANGELOG.md" "$root"/LICENSE* "$packed"
mkdir -p "$out"
tar -czf "$out/vision-eval-$target.tar.gz" -C "$packed" .
