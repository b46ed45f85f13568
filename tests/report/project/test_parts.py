"""The scripts and style sheets that lie beside our modules: a browser reads every line of them."""

from __future__ import annotations

from pathlib import Path

import pytest

import bootready
from bootready.report.project.parts import part
from browser_support import chromium

PACKAGE = Path(bootready.__file__).parent
FILES = sorted(path for kind in ("css", "js") for path in PACKAGE.rglob(f"*.{kind}"))

UNREAD = """text => {
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(text);
  const bare = text.replace(/[/][*][^]*?[*][/]/g, '');
  const read = rules => [...rules].reduce((sum, one) => sum + 1 + read(one.cssRules || []), 0);
  const written = [...bare.matchAll(/[{]/g)].length;
  if (written !== read(sheet.cssRules)) return ['not all rules are read'];
  return [...bare.matchAll(/^\\s*([a-z-]+):\\s*([^;{}]+);/gm)]
    .filter(([, name, value]) => !name.startsWith('--')
      && !CSS.supports(name, value.replace('!important', '')))
    .map(one => one[0].trim());
}"""


def test_a_browser_reads_every_rule_and_every_statement():
    with chromium() as browser:
        page = browser.new_page()
        for path in FILES:
            text = path.read_text(encoding="utf-8")
            if path.suffix == ".js":
                page.evaluate("text => { new Function(text) }", text)
            else:
                assert page.evaluate(UNREAD, text) == [], path.name


def test_a_file_is_read_from_beside_its_modules_without_indentation():
    assert {path.name for path in FILES} >= {"page.css", "picture.css", "page.js", "live.js"}
    assert not [line for line in part("bootready.page", "live.css").splitlines() if line[:1] == " "]
    with pytest.raises(FileNotFoundError):
        part("bootready.page", "absent.css")
