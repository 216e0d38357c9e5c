#!/bin/sh
# Runs a command as the owner of the data folder, for good: `as-owner bun src/main.ts`. A folder that belongs to root, because
# Docker made it, is given to the user 1000 first. Started as anybody but root, it changes nothing.
set -eu

if [ "$(id -u)" != 0 ]; then
  exec "$@"
fi

data=${DATA_DIR:-/app/data}
owner=$(stat -c %u "$data")
group=$(stat -c %g "$data")
if [ "$owner" = 0 ]; then
  owner=1000
  group=1000
  # Whoever restores a backup as root need not think of its owner either.
  chown -R "$owner:$group" "$data"
fi

# Nothing that is started from here can become root again.
exec setpriv --reuid "$owner" --regid "$group" --clear-groups --no-new-privs -- "$@"
