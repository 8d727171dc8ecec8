#!/bin/sh
# The Debian packages that `make check` needs: Chromium for browser tests, a Java runtime for Spark, PostgreSQL
# (its programs alone: tests start a server of their own in a temporary folder).
# Does nothing where they are present. Without root or apt-get it says what is missing and goes on:
# the tests that need them then skip with that reason (and fail where CI=true).
set -eu

missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
command -v java >/dev/null 2>&1 || missing="$missing default-jre-headless"
ls /usr/lib/postgresql/*/bin/initdb >/dev/null 2>&1 || command -v initdb >/dev/null 2>&1 || missing="$missing postgresql"
[ -z "$missing" ] && exit 0

if [ "$(id -u)" -ne 0 ] || ! command -v apt-get >/dev/null 2>&1; then
  echo "not installed:$missing (needs root and apt-get); tests that need them will be skipped" >&2
  exit 0
fi
export DEBIAN_FRONTEND=noninteractive
apt-get update -qq
# shellcheck disable=SC2086 - a list of words
apt-get install -y -qq --no-install-recommends $missing fonts-liberation >/dev/null
