#!/bin/sh
# The secret -> a configuration file on a tmpfs, 0600: the password is in no argument and no variable.
set -eu
umask 077

if ! [ -s /run/secrets/valkey_password ] || ! [ -r /run/secrets/valkey_password ]; then
  echo "start-valkey: secret 'valkey_password' is empty or not readable by uid $(id -u)" >&2
  exit 78
fi
{
  # In double quotes Valkey reads '\' and '"' as escapes.
  printf 'requirepass "%s"\n' "$(sed 's/[\\"]/\\&/g' /run/secrets/valkey_password)"
  echo 'dir /data'
  echo 'appendonly yes'
  echo 'bind * -::*'
  echo 'maxmemory 192mb'
} > /tmp/valkey.conf
# Held by this process until it ends, however it ends: a second container on this directory must not write.
exec 9>>/data/.lock
if ! flock -n 9; then
  echo "start-valkey: another container uses this data directory" >&2
  exit 75
fi
exec valkey-server /tmp/valkey.conf
