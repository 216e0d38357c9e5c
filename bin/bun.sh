# Sourced by bin/start and bin/test: sets BUN to the Bun that package.json pins, bringing it if it is not here.
# A version that is there is used; otherwise npm brings it into .bun/, which nothing else on the machine sees.

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root" || exit 1

pinned=$(sed -n 's/.*"packageManager": *"bun@\([^"]*\)".*/\1/p' package.json)

is_pinned() {
  [ "$("$1" --version 2>/dev/null)" = "$pinned" ]
}

if is_pinned bun; then
  BUN=bun
elif is_pinned "$root/.bun/bin/bun"; then
  BUN="$root/.bun/bin/bun"
elif command -v npm >/dev/null 2>&1; then
  echo "Bringing Bun $pinned into .bun/ (once)" >&2
  # Older npm does not know the flag and runs the script anyway; newer npm needs it.
  npm_config_update_notifier=false npm install --global --prefix "$root/.bun" --no-fund --no-audit --loglevel=error --allow-scripts=bun "bun@$pinned" >&2 || true
  BUN="$root/.bun/bin/bun"
elif command -v bun >/dev/null 2>&1; then
  echo "Bringing Bun $pinned into .bun/ (once)" >&2
  mkdir -p "$root/.bun/bin"
  printf '{"private":true,"trustedDependencies":["bun"]}\n' >"$root/.bun/package.json"
  (cd "$root/.bun" && bun add --exact "bun@$pinned" >&2) && ln -sf ../node_modules/.bin/bun "$root/.bun/bin/bun"
  BUN="$root/.bun/bin/bun"
else
  echo "This needs Node.js with npm (https://nodejs.org) or Bun (https://bun.sh). Install one of them and try again." >&2
  exit 1
fi

if ! is_pinned "$BUN"; then
  echo "Bun $pinned could not be installed; see the messages above." >&2
  exit 1
fi

PATH=$(dirname "$(command -v "$BUN")"):$PATH
export PATH
