"""A project with a secret in every kind of place, as files: each value holds a number after `ZZ`.

Every one of them can be told by its form, its name or the command that it stands in: that is what
the README promises. The project is loadable, and has findings in the lines that hold the secrets.
"""

from __future__ import annotations

import base64
import re
from pathlib import Path

VALUE = re.compile(r"ZZ\d\d")
"""What no output may hold. Encoded forms are in `shown_in`."""


def _encoded(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


COMPOSE = """\
name: planted
x-token: ZZ01extension
x-service: &service
  annotations: {com.example.api-key: ZZ02annotation}
include: [included.yaml]
services:
  a:
    <<: *service
    image: debian:bookworm-slim
    command:
      - sh
      - -c
      - echo password=ZZ03; psql postgres://u:ZZ04@h/db; mysql -pZZ05; PGPASSWORD=ZZ06 psql $UNSET
    environment:
      DB_PASSWORD: ZZ07$UNSET
      DATABASE_URL: postgres://u:ZZ08@db/x?$UNSET
      API_TOKEN: "${TOKEN}$UNSET"
      SMTP: "user=x;pass=ZZ10;host=$UNSET"
      GOOGLE_JSON: '{"private_key":"ZZ11 $UNSET"}'
      SENTRY_DSN: ZZ12$UNSET
      CALLBACK: https://example.test/hook?access_token=ZZ13&x=$UNSET
      ODBC: Driver=x;Server=y;Uid=u;Pwd=ZZ14;$UNSET
      LIBPQ: host=db user=u password='ZZ15 x' dbname=$UNSET
      AWS: AKIAZZ16ABCDEFGHIJKL$UNSET
      GITHUB: ghp_ZZ17abcdefghijklmnopqrstuvwxyz012345$UNSET
      BEARER: eyJhbGciOiJIUzI1NiJ9.eyJaWjE4IjoiWloxOCJ9.ZZ18abcdefgh$UNSET
      HEADER: "Authorization: Basic @BASIC@ $UNSET"
      PEM: |
        -----BEGIN EC PRIVATE KEY-----
        ZZ20abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ01234567
        -----END EC PRIVATE KEY-----
      SLACK: https://hooks.slack.com/services/T0000/B0000/ZZ21abcdefghijkl?$UNSET
    env_file: [app.env, {path: more.env, required: false}]
    label_file: [labels.txt]
    labels:
      traefik.http.middlewares.auth.basicauth.users: "admin:$$apr1$$ZZ22htpw$$abcdefgh$UNSET"
      com.example.client-secret: ZZ23$UNSET
    healthcheck:
      test: ["CMD-SHELL", "curl -u admin:ZZ24 http://x $UNSET || redis-cli -a ZZ25 ping"]
    ports: ["80:80", "80:81"]
    volumes: ["./nope:/x", "./start.sh:/start.sh:ro"]
    build:
      context: ./built
      target: none
      args: {NPM_TOKEN: "ZZ26$UNSET", HTTP_PROXY: "http://u:ZZ27@p:1/$UNSET"}
      labels: ["build.password=ZZ28$UNSET"]
      cache_to: ["type=s3,region=x,access_key_id=AK,secret_access_key=ZZ29$UNSET"]
    depends_on: [b, c]
    secrets: [s, t, missing]
    configs: [c]
    logging: {driver: splunk, options: {splunk-token: "ZZ30$UNSET", splunk-url: "$UNSET"}}
    post_start:
      - {command: ["sh", "-c", "vault login token=ZZ31 $UNSET"], environment: ["KEY_SECRET=ZZ32"]}
    pre_stop: [{command: curl --user admin:ZZ33 -X POST http://x/stop/$UNSET}]
    extra_hosts: ["h:ZZ34"]
    deploy: {labels: {deploy.token: "ZZ35$UNSET"}}
    x-bootready:
      verify: [{url: "http://u:ZZ36@localhost:80/$UNSET"}]
    x-password: ZZ37$UNSET
  b:
    image: "reg.example/u:ZZ38@x/y:1"
    command: server --requirepass ZZ39 --password ZZ40 --api-key=ZZ41 --token "ZZ42 x" $UNSET
    entrypoint: "${UNSET_PASSWORD:-ZZ43}"
    environment: ["POSTGRES_PASSWORD=ZZ44$UNSET", "BARE_SECRET", "URL=amqp://u:ZZ45@h:5672/$UNSET"]
    healthcheck:
      test:
        - CMD
        - --password
        - ZZ46$UNSET
  c:
    extends: {file: base.yaml, service: base}
    command: ["rabbitmqctl", "add_user", "u", "ZZ47$UNSET"]
    entrypoint: ["smbclient", "//h/s", "-U", "user%ZZ48$UNSET"]
  d:
    image: busybox
    entrypoint: smbclient //h/s -U user%ZZ49 -c ls $UNSET
    command: rabbitmqctl change_password u ZZ50 $UNSET
    healthcheck: {test: sshpass -p ZZ51 ssh u@h true $UNSET || mongosh -u u -p ZZ52 --eval 1}
    build: {context: ., args: ["SIGNING_KEY=ZZ53$UNSET"]}
  e:
    image: busybox
    command:
      - ldapsearch
      - -D
      - cn=admin
      - -w
      - ZZ54$UNSET
    entrypoint: sh -c "echo ZZ55 | docker login -u u --password-stdin && echo u:ZZ56 | chpasswd $X"
  f:
    image: busybox
    command: >-
      wget --header "Authorization: Bearer ZZ57abcdefgh" --http-password=ZZ58 http://x $UNSET
    entrypoint: >-
      curl -H "X-Api-Key: ZZ59" -H "Cookie: session=ZZ60" http://x $UNSET
  g:
    image: busybox
    command: etcdctl --user root:ZZ61 put a b $UNSET
    entrypoint: mc alias set local http://minio:9000 user ZZ62abcd $UNSET
    healthcheck: {test: ["CMD", "mysqladmin", "ping", "-uroot", "-pZZ63$UNSET"]}
  h:
    image: busybox
    command: redis-server --requirepass ZZ64 --masterauth ZZ65 $UNSET
    entrypoint: openssl rsa -passin pass:ZZ66 -in k.pem -passout "pass:ZZ67" $UNSET
    healthcheck: {test: "wget -qO- http://u:ZZ68@localhost/$UNSET"}
  p:
    provider: {type: evil, options: {password: "ZZ69$UNSET", conn: "mysql://u:ZZ70@h/x$UNSET"}}
secrets:
  s: {file: ./secrets/s}
  t: {environment: TOKEN}
  missing: {file: "./secrets/none"}
configs:
  c:
    content: |
      password: ZZ72$UNSET
      dsn: postgres://u:ZZ73@db/x
volumes:
  nfs: {driver_opts: {type: cifs, o: "username=x,password=ZZ74$UNSET", device: "//h/s"}}
networks:
  default: {driver_opts: {com.example.secret: "ZZ75$UNSET"}, labels: ["net.token=ZZ76$UNSET"]}
"""

FILES = {
    "compose.yaml": COMPOSE.replace("@BASIC@", _encoded("user:ZZ19abc")),
    "included.yaml": """\
services:
  i:
    image: busybox
    environment: {CLIENT_SECRET: "ZZ77$UNSET"}
    command: app --db "sqlserver://sa:ZZ78@h?database=x" $UNSET
""",
    "base.yaml": """\
services:
  base:
    image: busybox
    environment: [ADMIN_PASS=ZZ79$UNSET]
    volumes: ["./absent:/absent"]
""",
    ".env": "TOKEN=ZZ80\nPW=ZZ81do$llar\nDB_PASS='ZZ82'\n",
    ".env.example": "TOKEN=\nPW=\nOTHER_SECRET=ZZ84\n",
    "app.env": "APP_SECRET=ZZ85\nPLAIN=ZZ86\nX=ZZ87$NOPE\n",
    "more.env": 'MULTI="ZZ88\nZZ89"\n',
    "labels.txt": "label.password=ZZ90$NOPE\n",
    "secrets/s": "ZZ91secretfile\n",
    "built/Dockerfile": "FROM busybox AS one\nARG TOKEN=ZZ92\nRUN curl -u u:ZZ93 http://x\n",
    "start.sh": "#!/bin/nosuch\nexport PGPASSWORD=ZZ94\n",
    "bootready.toml": '[skip]\nvariable-unset = "no password=ZZ95 here"\n',
}


def plant(directory: Path) -> None:
    """Write the project into `directory`."""
    for name, text in FILES.items():
        path = directory / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")


def shown_in(text: str) -> list[str]:
    """Return the secrets that `text` holds, as they are or in base64."""
    found = set(VALUE.findall(text))
    for word in re.findall(r"[\w+/]{12,}={0,2}", text):
        try:
            found.update(VALUE.findall(base64.b64decode(word + "=" * (-len(word) % 4)).decode()))
        except ValueError:
            continue
    return sorted(found)


def _service(text: str) -> str:
    return f"services:\n  a:\n    image: busybox\n{text}"


BROKEN: list[tuple[str, str]] = [
    ("compose.yaml", _service("    environment: DB_PASSWORD=ZZ01\n")),
    ("compose.yaml", _service("    environment: {DB_PASSWORD: [ZZ02]}\n")),
    ("compose.yaml", _service("    environment:\n      DB_PASSWORD:\n        x: ZZ03\n")),
    ("compose.yaml", _service("    environment: [DB_PASSWORD=ZZ04, DB_PASSWORD=ZZ04]\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: 'ZZ05${x'}\n")),
    ("compose.yaml", _service("    environment: {A: 'postgres://u:ZZ06${x@h'}\n")),
    ("compose.yaml", _service("    command: '--password=ZZ07 ${x'\n")),
    ("compose.yaml", _service("    command: ['--password', 'ZZ08${x']\n")),
    ("compose.yaml", _service("    command: {password: ZZ09}\n")),
    ("compose.yaml", _service("    environment: {A: '${B:?the password=ZZ10 is missing}'}\n")),
    ("compose.yaml", _service("    environment: {A: '${B_TOKEN:-ZZ11'}\n")),
    ("compose.yaml", _service("    build: {args: NPM_TOKEN=ZZ12}\n")),
    ("compose.yaml", _service("    build: 'https://u:ZZ13@github.test/x.git'\n")),
    ("compose.yaml", _service("    build: {context: 'https://u:ZZ14@github.test/x', ssh: [1]}\n")),
    ("compose.yaml", _service("    labels: [1, token=ZZ15]\n")),
    ("compose.yaml", _service("    ports: ['postgres://u:ZZ16@h']\n")),
    ("compose.yaml", _service("    mem_limit: postgres://u:ZZ17@h/x\n")),
    ("compose.yaml", _service("    healthcheck: {test: curl -u a:ZZ18 x, interval: token=ZZ19}\n")),
    ("compose.yaml", _service("    container_name: a password=ZZ20\n")),
    ("compose.yaml", _service("    extends: {file: 'https://u:ZZ21@h/x.yaml', service: b}\n")),
    ("compose.yaml", _service("    extends: {file: 'ssh://u:ZZ22@h/x.yaml', service: b}\n")),
    ("compose.yaml", _service("    volumes: ['postgres://u:ZZ23@h:/x:y:z']\n")),
    ("compose.yaml", _service("    secrets: [{source: x, password: ZZ24}]\n")),
    ("compose.yaml", _service("    logging: {options: {token: [ZZ25]}}\n")),
    ("compose.yaml", _service("    ulimits: {token: ZZ26}\n")),
    ("compose.yaml", _service("    sysctls: {net.token: [ZZ27]}\n")),
    ("compose.yaml", _service("    depends_on: {b: {password: ZZ28}}\n")),
    ("compose.yaml", _service("    password: ZZ29\n    environment: {TOKEN: ZZ30}\n")),
    ("compose.yaml", _service("    image: 'http://u:ZZ32@reg/x:1'\n")),
    ("compose.yaml", _service("secrets: {db_password: ZZ33}\n")),
    ("compose.yaml", _service("secrets: {s: {content: ZZ34}}\n")),
    ("compose.yaml", _service("secrets:\n  s:\n    value: ZZ35\n")),
    ("compose.yaml", _service("configs: {c: {content: {password: ZZ36}}}\n")),
    ("compose.yaml", _service("networks: {n: {driver_opts: {token: [ZZ37]}}}\n")),
    ("compose.yaml", _service("volumes: {v: {driver_opts: 'o: password=ZZ38'}}\n")),
    ("compose.yaml", _service("include: ['https://u:ZZ39@h/x.yaml']\n")),
    ("compose.yaml", _service("include: ['oci://u:ZZ40@h/x']\n")),
    ("compose.yaml", _service("    environment:\n      PASSWORD: ZZ41\n     X: 1\n")),
    ("compose.yaml", _service("    environment:\n\tPASSWORD: ZZ42\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: 'ZZ43}\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: ZZ44, PASSWORD: ZZ45}\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: !!int ZZ46}\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: @ZZ48}\n")),
    ("compose.yaml", _service("    environment: {PASSWORD: %ZZ49}\n")),
    ("compose.yaml", _service("x-bootready: {secrets: {token: ZZ50}}\n")),
    ("compose.yaml", _service("secrets: {s: {file: ./s, x-bootready: {password: ZZ51}}}\n")),
    ("compose.yaml", "name: 'u:ZZ52@h'\nservices: {a: {image: busybox}}\n"),
    (".env", 'PASSWORD="ZZ53\n'),
    (".env", "PASSWORD=${ZZ54-\n"),
    (".env", "a line of ZZ55\n"),
    (".env", "-----BEGIN PRIVATE KEY-----\nZZ56\n"),
    (".env", "ZZ58!\n"),
    ("b.env", 'PASSWORD="ZZ59\n'),
    ("b.env", "a line of ZZ60\n"),
    ("b.env", "export PASSWORD ZZ61\n"),
    ("bootready.toml", '[checks]\npassword = "ZZ62\n'),
    ("bootready.toml", 'password = "ZZ63"\n'),
    ("bootready.toml", '[checks]\n"token=ZZ64" = 1\n'),
]
"""Files that make the project above unreadable, or wrong in the value of a secret."""
