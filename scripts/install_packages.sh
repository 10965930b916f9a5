#!/bin/bash
# Installs the Debian packages of the named purposes (see packages.txt) that are missing, and says which.
# Never uses sudo without asking. Usage: install_packages.sh build|test|check|live|demo...
set -eu -o pipefail

list="$(dirname "$0")/packages.txt"

wanted=()
while read -r name purpose _; do
  for asked in "$@"; do
    if [ "$purpose" = "$asked" ]; then wanted+=("$name"); fi
  done
done < <(grep -v '^#' "$list")

if [ ${#wanted[@]} -eq 0 ]; then
  echo "No package in $list is for: $*" >&2
  exit 2
fi

if ! command -v dpkg-query >/dev/null; then
  echo "This is not Debian; on Debian the packages would be: ${wanted[*]}. Going on with what is installed." >&2
  exit 0
fi

installed=" $(dpkg-query -W -f='${db:Status-Status}:${Package} ' "${wanted[@]}" 2>/dev/null || true)"
missing=()
for name in "${wanted[@]}"; do
  case "$installed" in
    *" installed:$name "*) ;;
    *) missing+=("$name") ;;
  esac
done
if [ ${#missing[@]} -eq 0 ]; then exit 0; fi

echo "Gainstage needs ${#missing[@]} Debian packages that are not installed:" >&2
for name in "${missing[@]}"; do
  read -r _ _ why < <(grep "^$name " "$list")
  printf '  %-20s %s\n' "$name" "$why" >&2
done

command="apt-get install --no-install-recommends ${missing[*]}"
asRoot=()
if [ "$(id -u)" -ne 0 ]; then
  if [ "${CI:-}" = true ] && command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    asRoot=(sudo -n)
  elif [ -t 0 ] && [ -t 2 ] && command -v sudo >/dev/null; then
    read -r -p "Install them now with \"sudo $command\"? [y/N] " answer
    case "$answer" in
      y | Y | yes | Yes) asRoot=(sudo) ;;
      *)
        echo "Nothing was installed." >&2
        exit 1
        ;;
    esac
  else
    echo "Install them as root, then try again:" >&2
    echo "  $command" >&2
    exit 1
  fi
fi

apt() {
  "${asRoot[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Acquire::Retries=3 "$@" </dev/null >&2
}

# A fresh machine has no lists, an old one has lists of versions that are gone.
if ! ls /var/lib/apt/lists/*_Packages* >/dev/null 2>&1; then apt update; fi
apt install --no-install-recommends "${missing[@]}" ||
  { apt update && apt install --no-install-recommends "${missing[@]}"; }
