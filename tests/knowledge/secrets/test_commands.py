"""A command, in a line or as a list of words -> the same with the passwords masked."""

import shlex

import pytest

from bootready.knowledge.secrets.forms import masked, masked_words

COMMANDS = [
    "curl -u admin:~ http://x",
    "curl --user admin:~ http://x",
    "docker login -u u -p ~ reg.example",
    "elasticsearch-users useradd u -p ~",
    "etcdctl --user root:~ put a b",
    "grafana-cli admin reset-admin-password ~",
    "htpasswd -b -c /etc/f user ~",
    "htpasswd -cb /etc/f user ~",
    "htpasswd -nbB user ~",
    "ldapsearch -D cn=admin -w ~ -b dc=x",
    "lftp -u user,~ ftp://h",
    "mc alias set local http://minio:9000 user ~",
    "mongosh -u u -p ~ --eval 1",
    "mosquitto_passwd -b /etc/f user ~",
    "mosquitto_pub -p 1883 -P ~ -t a",
    "mysqladmin ping -uroot -p~",
    "neo4j-admin dbms set-initial-password ~",
    "ngrok config add-authtoken ~",
    "openssl enc -k ~ -in x",
    "openssl rsa -passin pass:~ -in k.pem",
    "rabbitmqctl add_user u ~",
    "rabbitmqctl change_password u ~",
    "redis-cli -a ~ ping",
    "redis-server --requirepass ~ --masterauth ~ --port 6379",
    "server --password ~ --api-key=~ --port 80",
    "smbclient //h/s -U user%~ -c ls",
    "sqlcmd -S h -U sa -P ~ -Q x",
    "sqlplus -s sys/~",
    "sshpass -p ~ ssh u@h true",
    "vault login ~",
    "zip -P ~ a.zip b",
]
PIPED = [
    ("echo ZZ | docker login -u u --password-stdin", "docker login"),
    ('echo "ZZ ZZ" | passwd --stdin u', "passwd"),
    ("echo u:ZZ | chpasswd", "chpasswd"),
    ("printf '%s' ZZ | cryptsetup open /dev/x y", "cryptsetup"),
    ("echo -n ZZ | sudo -S true", "sudo"),
]
HARMLESS = [
    "docker compose -p project up -d",
    "docker run -p 80:80 -u 1000:1000 nginx",
    "htpasswd -nb user ${PW}",
    "vault login -method=oidc",
    "redis-cli -a $PW ping",
    "redis-cli -a $$PW --user $${NAME}",
    "rabbitmqctl add_user u $PW",
    "echo ok | grep ok",
    "ls -w 80",
    "curl -U http://proxy:3128 http://x",
    "echo $PW | docker login --password-stdin",
]


def in_list(words: list[str]) -> str:
    return ", ".join(f'"{word}"' for word in words)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_password_of_a_command_is_masked_in_every_form(command):
    line, shown = command.replace("~", "ZZ9"), command.replace("~", "****")
    assert masked(line) == shown
    assert masked_words(shlex.split(line)) == shlex.split(shown)
    assert masked(in_list(shlex.split(line))) == in_list(shlex.split(shown))
    spaced = [word.replace("~", "ZZ 9") for word in shlex.split(command)]
    assert masked_words(spaced) == shlex.split(shown)


@pytest.mark.parametrize(("command", "reader"), PIPED)
def test_what_is_piped_into_a_reader_of_passwords_is_masked(command, reader):
    for told in (masked(command), *masked_words(["sh", "-c", command])[2:]):
        assert "ZZ" not in told
        assert reader in told


@pytest.mark.parametrize("command", HARMLESS)
def test_the_rest_of_a_command_is_kept(command):
    assert masked(command) == command
    assert masked_words(shlex.split(command)) == shlex.split(command)
