#!/bin/sh
# Run a command with its temporary files in memory, where there is plenty of it and programs may run there: thousands
# of tests commit to databases of their own, and on a disk they wait for it at each commit; a PostgreSQL that copies
# a database for each test is seven times as fast there. Removes the files after.
set -u
NEEDED=4000000 # KiB; `make test` writes a tenth of it, `make check` a quarter

room=$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
memory=$(awk '$1 == "MemAvailable:" { print $2 }' /proc/meminfo 2>/dev/null)
if [ "${room:-0}" -gt "$NEEDED" ] && [ "${memory:-0}" -gt "$NEEDED" ] &&
    folder=$(mktemp -d /dev/shm/penholder-XXXXXX 2>/dev/null); then
    chmod 711 "$folder" # a PostgreSQL that root starts runs as another user, in a folder of its own in this one
    trap 'rm -rf "$folder"' EXIT
    trap 'exit 130' INT TERM
    printf '#!/bin/sh\n' >"$folder/try" && chmod +x "$folder/try"
    "$folder/try" 2>/dev/null && export TMPDIR="$folder"
    rm -f "$folder/try"
fi
"$@"
