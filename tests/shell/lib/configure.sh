#!/usr/bin/env bash
# Sets up an installed node, in a system whose systemd runs, and says what came of it.
set -u
cd /root || exit
settings=/etc/facelandmark/appsettings.json
cp $settings good.json || exit
echo '{ "node": "hall", "camera": "demo", "broker": "embedded", "previews": "off", "privacy": "blur", "service": "restart" }' >answers.json
facelandmark configure --answers answers.json
echo "configured $?, the service is $(systemctl is-active facelandmark)"
journalctl --sync
journalctl -u facelandmark -o cat --no-pager | grep -o 'Node hall starts'
# Nothing listens there, which --go-on bears.
cat >answers.json <<'END'
{
  "node": "hall", "camera": "keep", "previews": "keep", "privacy": "keep", "service": "restart",
  "broker": { "host": "127.0.0.1", "port": 9, "user": "hall", "password": "secret" }
}
END
facelandmark configure --go-on --answers answers.json
echo "configured $?, the service is $(systemctl is-active facelandmark), the password $(stat -c %U:%a /etc/facelandmark/mqtt.password)"
grep -c secret $settings
systemctl stop facelandmark
cp good.json $settings && rm /etc/facelandmark/mqtt.password /etc/facelandmark/*.bak answers.json good.json
