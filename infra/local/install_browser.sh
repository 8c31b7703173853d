#!/usr/bin/env bash
# The browser tests drive Debian's Chromium; a machine without it gets it, or hears how.
set -euo pipefail

have_fonts() { fc-list :lang=ja 2>/dev/null | grep -q .; }

if command -v chromium >/dev/null && command -v chromedriver >/dev/null && have_fonts; then
  exit 0
fi
sudo=""
if [ "$(id -u)" -ne 0 ]; then
  sudo="sudo"
fi
if ! command -v apt-get >/dev/null; then
  echo "The browser tests need chromium, chromedriver and a Japanese font on the PATH: install them and run again." >&2
  exit 1
fi
$sudo apt-get update -qq
$sudo env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq chromium chromium-driver fonts-noto-cjk fontconfig >/dev/null
