"""Passwords and keys that outlive their file: told from what a boot saw, or from a container."""

import hashlib
import hmac

from bootready.check.changed_values import Machine, changed, remembered
from bootready.knowledge.secrets.first_values import keys_of, passwords_of
from bootready.model.fact import ContainerFact, FileFact, VolumeFact
from bootready.model.request import Request
from bootready.pipeline import load

KEY = b"k" * 32
TEXT = """
name: shop
services:
  db:
    image: postgres:16
    environment: {POSTGRES_PASSWORD: "${PW}"}
    volumes: [pg:/var/lib/postgresql/data]
  app:
    image: shop
    depends_on: [db]
    environment: {APP_KEY: "${KEY}", SECRET_KEY: anything, PUBLIC_KEY: a}
  stateless:
    image: shop
    environment: {APP_KEY: "${KEY}"}
    volumes: ["./src:/app"]
volumes: {pg: {}}
"""


class Kept:
    """A host that has a state directory with these hashes, and no other file."""

    def __init__(self, **values: str) -> None:
        said = ", ".join(f'"{name.replace("__", "/")}": "{v}"' for name, v in values.items())
        self.text = "{" + said + "}"

    def state_directory(self, directory):
        return "/state"

    def read_text(self, path, limit=0):
        return self.text if path == "/state/passwords" else None

    def read_bytes(self, path, limit=0):
        return KEY if path == "/state/key" else None

    def entries(self, path):
        return ()

    def file(self, path):
        size = len(self.text)
        return FileFact("file", 0, 0, 0o600, size, 500.0) if path == "/state/passwords" else None


def project(tmp_path, password="now", key="now"):
    (tmp_path / "compose.yaml").write_text(TEXT)
    return load(Request(directory=str(tmp_path)), {"PW": password, "KEY": key})


def digest(text):
    return hmac.new(KEY, text.encode(), hashlib.sha256).hexdigest()


def found(loaded, host, *, created=100.0, containers=(), environment=None, version="28.5.1"):
    machine = Machine(
        (VolumeFact("shop_pg", "local", {}, created=created),),
        version,
        containers,
        lambda name: environment or {},
    )
    values = (*passwords_of(loaded), *keys_of(loaded))
    return [one.value.key for one in changed(values, host, "/", "shop", machine)]


def test_a_key_is_kept_where_its_data_is(tmp_path):
    loaded = project(tmp_path)
    assert [one.key for one in passwords_of(loaded)] == ["db/POSTGRES_PASSWORD"]
    [key] = keys_of(loaded)
    assert (key.key, key.volumes) == ("app/APP_KEY", ("shop_pg",))


def test_what_differs_from_the_last_boot_is_told(tmp_path):
    loaded = project(tmp_path)
    before = {"db__POSTGRES_PASSWORD": f"{digest('then')} 200", "app__APP_KEY": digest("then")}
    assert found(loaded, Kept(**before)) == ["db/POSTGRES_PASSWORD", "app/APP_KEY"]
    same = {name: value.replace(digest("then"), digest("now")) for name, value in before.items()}
    assert found(loaded, Kept(**same)) == []


def test_data_that_was_made_since_has_the_present_value(tmp_path):
    loaded = project(tmp_path)
    before = {"db__POSTGRES_PASSWORD": f"{digest('then')} 200", "app__APP_KEY": digest("then")}
    assert found(loaded, Kept(**before), created=300.0) == ["app/APP_KEY"], "kept at 500"
    assert found(loaded, Kept(**before), created=600.0) == []


def test_an_engine_that_does_not_know_when_a_volume_was_made(tmp_path):
    """Version 20.10 says when its data directory was last changed: at every start, that is."""
    loaded = project(tmp_path)
    kept = Kept(db__POSTGRES_PASSWORD=f"{digest('then')} 200")
    told = ["db/POSTGRES_PASSWORD"]
    assert found(loaded, kept, created=300.0, version="20.10.24") == told
    there = ContainerFact("shop-db-1", "shop", "db", "running", created=290.0)
    had = {"POSTGRES_PASSWORD": "now"}
    of_compose = {"created": 300.0, "containers": (there,), "environment": had}
    assert found(loaded, kept, **of_compose, version="20.10.24") == [], "it runs with it already"
    had = {"POSTGRES_PASSWORD": "then"}
    of_compose = {"created": 300.0, "containers": (there,), "environment": had}
    assert found(loaded, kept, **of_compose, version="20.10.24") == told


def test_without_data_nothing_is_old(tmp_path):
    loaded = project(tmp_path)
    values = (*passwords_of(loaded), *keys_of(loaded))
    kept = Kept(db__POSTGRES_PASSWORD=f"{digest('then')} 200")
    assert list(changed(values, kept, "/", "shop", Machine())) == []


def test_the_container_that_made_the_volume_tells(tmp_path):
    loaded = project(tmp_path)
    maker = ContainerFact("shop-db-1", "shop", "db", "exited", created=103.0)
    had = {"POSTGRES_PASSWORD": "then"}
    told = ["db/POSTGRES_PASSWORD"]
    assert found(loaded, Kept(), containers=(maker,), environment=had) == told
    later = maker._replace(created=900.0)
    assert found(loaded, Kept(), containers=(later,), environment=had) == []
    stranger = maker._replace(project="blog")
    assert found(loaded, Kept(), containers=(stranger,), environment=had) == []
    same = {"POSTGRES_PASSWORD": "now"}
    assert found(loaded, Kept(), containers=(maker,), environment=same) == []


def test_what_is_kept_is_no_more_than_hashes(tmp_path):
    known, key = remembered(Kept(db__POSTGRES_PASSWORD="nonsense later"), "/")
    assert key == KEY
    assert known["db/POSTGRES_PASSWORD"].seen == 500.0
