#!/bin/sh
# Variables -> Alertmanager's configuration on a tmpfs; it expands none itself. Secrets stay files.
set -eu

for name in smtp_password slack_webhook; do
  if grep -q bootready-placeholder "/run/secrets/$name"; then
    echo "start-alertmanager: secret '$name' is a placeholder: no alert is delivered that way" >&2
  fi
done
# In double quotes YAML reads '\' and '"' as escapes; then sed reads '\', '&' and '|' as its own. An '@' is
# written as an escape of YAML, so that no value is taken for the place of another one.
escaped() {
  printf '%s' "$1" | tr '\n' ' ' | sed -e 's/[\\"]/\\&/g' -e 's/@/\\x40/g' -e 's/[\\&|]/\\&/g'
}
sed -e "s|@SMTP_SMARTHOST@|$(escaped "$SMTP_SMARTHOST")|" -e "s|@SMTP_FROM@|$(escaped "$SMTP_FROM")|" \
  -e "s|@ALERT_EMAIL_TO@|$(escaped "$ALERT_EMAIL_TO")|" \
  -e "s|@SLACK_CHANNEL@|$(escaped "$SLACK_CHANNEL")|" \
  /etc/alertmanager/alertmanager.yml > /tmp/alertmanager.yml
exec /bin/alertmanager --config.file=/tmp/alertmanager.yml --storage.path=/alertmanager \
  --cluster.listen-address=
