"""Every fact of the image families has a source, is used, and every family is compiled."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from bootready.check.images import grave
from bootready.knowledge.images.facts import KINDS, UNVERIFIED
from bootready.knowledge.images.index import NAMES
from bootready.knowledge.images.known import KnownImage, family_named
from bootready.knowledge.images.names import Named, parts_of
from bootready.knowledge.images.reading import read_families
from bootready.knowledge.images.versions import numbers_of, version_of
from bootready.model.finding import Severity
from documents_support import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import image_families

SOURCE = ROOT / "src" / "bootready"
DATA = {path.name: path.read_text(encoding="utf-8") for path in image_families.data_files()}
FAMILIES = {family.name: family for family in read_families(DATA)}
each_family = pytest.mark.parametrize("family", FAMILIES.values(), ids=FAMILIES)


def test_what_is_compiled_is_what_the_data_files_say():
    for path, text in image_families.wanted().items():
        assert path.read_text(encoding="utf-8") == text, f"{path}: run make docs"
    assert image_families.orphans(image_families.wanted()) == []


@each_family
def test_every_fact_has_a_source_that_is_there_and_every_source_is_used(family):
    used = set()
    for kind in KINDS:
        for fact in getattr(family, kind):
            assert fact.scope.sources, f"{family.name}: {fact}"
            used |= set(fact.scope.sources)
    assert used <= set(family.sources)


@each_family
def test_dates_and_versions_parse(family):
    for source in family.sources.values():
        assert re.fullmatch(r"\d{4}-\d\d-\d\d|unverified", source.read)
        assert all(source)
    for version in (*family.tags.values(), *filter(None, [family.newest])):
        assert numbers_of(version)
    for kind in KINDS:
        for fact in getattr(family, kind):
            since, before = fact.scope.since, fact.scope.before
            if since and before:
                assert numbers_of(since) < numbers_of(before), f"{family.name}: {fact}"


@each_family
def test_a_file_of_a_repository_is_cited_at_a_commit(family):
    for key, source in family.sources.items():
        thread = source.path.startswith(("issues/", "pull/"))
        if source.where.startswith("github.com/") and not thread and source.read != UNVERIFIED:
            assert re.fullmatch(r"[0-9a-f]{40}", source.ref), f"{family.name}: {key}"


@pytest.mark.parametrize(
    ("read", "severity"), [("2026-11-30", Severity.ERROR), (UNVERIFIED, Severity.WARNING)]
)
def test_what_was_cited_from_memory_is_a_warning_at_most(read, severity):
    source = f'{{where = "w", path = "p", ref = "r", read = "{read}"}}'
    (family,) = read_families(
        {
            "x.toml": f'names = ["x"]\n[sources]\na = {source}\n'
            '[[required]]\nany_of = ["A"]\nsource = "a"'
        }
    )
    image = KnownImage(Named("x", parts_of("x:1"), sure=True), family, version_of("1", "", family))
    assert grave("exits", image.care_of(family.required[0].scope)) is severity


@each_family
def test_no_fact_from_memory_is_certain(family):
    image = KnownImage(Named("x", parts_of("x:1"), sure=True), family, version_of("1", "", family))
    for kind in KINDS:
        for fact in getattr(family, kind):
            cited = {family.sources[key].read for key in fact.scope.sources}
            assert UNVERIFIED not in cited or image.care_of(fact.scope), f"{family.name}: {fact}"


def test_every_name_leads_to_its_family():
    for name, family in NAMES.items():
        assert name in family_named(family).names


def test_every_kind_of_fact_is_read_by_a_check():
    read = "".join(
        path.read_text(encoding="utf-8")
        for folder in ("catalogue", "check", "knowledge/images")
        for path in sorted((SOURCE / folder).rglob("*.py"))
        if "compiled" not in Path(path).parts and path.name not in {"facts.py", "reading.py"}
    )
    assert [kind for kind in KINDS if f"family.{kind}" not in read] == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("names = [", "x.toml: "),
        ('names = ["x"]\n[[contents]]\nuser = "0"', "x.toml: contents: a fact has no source"),
        ('names = ["x"]\n[[contents]]\nbase = "gone"\nsource = "a"', "unknown source 'a'"),
        ('names = ["x"]\n[[contents]]\nusers = 1', "x.toml: contents[0]: `users` must be an array"),
        ('names = ["x"]\n[[oddities]]\na = 1', "x.toml: unknown key 'oddities'"),
        ('names = ["x"]\n[[data]]\nplace = "/"', "x.toml: data[0]: unknown key 'place'; known: "),
        ('names = ["x"]\nlike = "y"', "`like` names an unknown family 'y'"),
        ('names = ["x"]\nnewest = "new"', "`newest` is not a version: 'new'"),
        ('names = ["x"]\n[sources]\na = {where = "w"}', "source 'a' does not say `path`"),
    ],
)
def test_a_broken_file_is_named(text, said):
    with pytest.raises(ValueError, match=re.escape(said)):
        read_families({"x.toml": text})


@pytest.mark.parametrize(
    ("fact", "said"),
    [
        ('base = "gone"', "unknown base 'gone'"),
        ('since = "new"', "'new' is not a version"),
        ('when = ["moon full"]', "unknown condition 'moon full'"),
        ('when = ["words ("]', "condition 'words ('"),
    ],
)
def test_a_broken_fact_is_named(fact, said):
    source = '{where = "w", path = "p", ref = "r", read = "2026-11-30"}'
    text = f'names = ["x"]\n[sources]\na = {source}\n[[contents]]\nsource = "a"\n{fact}'
    with pytest.raises(ValueError, match=re.escape(said)):
        read_families({"x.toml": text})
