#!/bin/bash
# What install_packages.sh does on each kind of machine, with stand-ins for dpkg-query, apt-get, sudo and id that note
# how they were called.
set -eu
project="$(cd "$(dirname "$0")/../.." && pwd)"
room="$(mktemp -d)"
trap 'rm -rf "$room"' EXIT
mkdir "$room/bin" "$room/scripts"
cp "$project/scripts/install_packages.sh" "$room/scripts/"
cat >"$room/scripts/packages.txt" <<'END'
# name purpose why
there   build  is installed
absent  build  makes sounds
tester  test   is not asked for
END

standIn() { printf '#!/bin/bash\n%s\n' "$2" >"$room/bin/$1" && chmod +x "$room/bin/$1"; }
standIn dpkg-query 'printf "installed:there "; [ -z "${ALL:-}" ] || printf "installed:absent "'
standIn apt-get 'echo "apt-get $*" >>"$LOG"'
standIn sudo 'echo "sudo $*" >>"$LOG"; while [ "${1:-}" = -n ]; do shift; done; "$@"'
standIn id 'echo "${FAKE_UID}"'
export LOG="$room/log" FAKE_UID=1000
unset CI

failures=0
expect() {  # description, condition...
  local what="$1"
  shift
  if ! "$@"; then
    echo "FAILED: $what" >&2
    sed 's/^/  said: /' "$room/said" >&2
    sed 's/^/  called: /' "$LOG" >&2
    failures=$((failures + 1))
  fi
}
install() {  # runs the script without a terminal; leaves its exit code in $code
  : >"$LOG"
  code=0
  PATH="$room/bin:$PATH" "$room/scripts/install_packages.sh" "$@" </dev/null >"$room/said" 2>&1 || code=$?
}

ALL=1 install build
expect "nothing missing: is silent and does nothing" [ "$code $(cat "$room/said" "$LOG")" = "0 " ]

install build
expect "no terminal, not root: fails" [ "$code" -eq 1 ]
expect "no terminal, not root: prints the command" \
  grep -qx '  apt-get install --no-install-recommends absent' "$room/said"
expect "no terminal, not root: says why it is needed" grep -q 'absent .*makes sounds' "$room/said"
expect "no terminal, not root: runs nothing" [ ! -s "$LOG" ]

FAKE_UID=0 install build
expect "root: installs what is missing" grep -q 'apt-get .*install --no-install-recommends absent$' "$LOG"
expect "root: without sudo" [ "$code $(grep -c sudo "$LOG" || true)" = "0 0" ]
expect "root: nothing of another purpose" [ "$(grep -c tester "$LOG" || true)" -eq 0 ]

CI=true install build
expect "CI with sudo that asks nothing: installs" grep -q '^sudo -n env .*apt-get .*install .*absent' "$LOG"

install nonsense
expect "unknown purpose: wrong usage" [ "$code" -eq 2 ]

for answer in n y; do
  : >"$LOG"
  PATH="$room/bin:$PATH" python3 - "$answer" "$room/scripts/install_packages.sh" >"$room/said" 2>&1 <<'END' || true
import os, pty, sys
answer, script = sys.argv[1:]
child, terminal = pty.fork()
if child == 0:
    os.execv(script, [script, "build"])
os.write(terminal, (answer + "\n").encode())
try:
    while os.read(terminal, 1000):
        pass
except OSError:
    pass
os.waitpid(child, 0)
END
  case "$answer" in
    n) expect "terminal, answer no: runs nothing" [ ! -s "$LOG" ] ;;
    y) expect "terminal, answer yes: installs with sudo" grep -q '^sudo env .*apt-get .*install .*absent' "$LOG" ;;
  esac
done

[ "$failures" -eq 0 ]
