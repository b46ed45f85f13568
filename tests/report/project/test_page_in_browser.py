"""The page in a browser: it can be read, used with a keyboard alone and on a phone, and by all."""

from __future__ import annotations

import pytest

from browser_support import chromium, listen, project, write_page

WIDE, PHONE = (1400, 900), (390, 800)


@pytest.fixture(scope="module")
def browser():
    with chromium() as found:
        yield found


@pytest.fixture
def opened(browser):
    """Open an address; fail if the page says anything to the console, or a script of it fails."""
    contexts = []

    def open_page(address, size=WIDE, **options):
        viewport = {"width": size[0], "height": size[1]}
        context = browser.new_context(viewport=viewport, **options)
        page = context.new_page()
        said: list[str] = []
        asked: list[str] = []
        listen(page, said)
        page.on("request", lambda one: asked.append(one.url))
        page.goto(address)
        contexts.append((context, address, said, asked))
        return page

    yield open_page
    for context, address, said, asked in contexts:
        context.close()
        assert said == []
        assert {url for url in asked if not url.endswith("/favicon.ico")} == {address}


@pytest.fixture(scope="module")
def address(tmp_path_factory):
    return write_page(tmp_path_factory.mktemp("page"), project(57))


@pytest.fixture(scope="module")
def grouped(tmp_path_factory):
    """A small page with everything on it, as a look at every part of it takes long."""
    return write_page(tmp_path_factory.mktemp("grouped"), project(15), "--group-by", "prefix")


OVERLAPS = """() => [...document.querySelectorAll('svg')].filter(svg => svg.getClientRects().length)
.flatMap(svg => {
  const found = [];
  for (const box of svg.querySelectorAll('.box')) {
    const frame = box.querySelector('rect:not(.under):not(.bar)').getBoundingClientRect();
    const texts = [...box.querySelectorAll('text')].map(one => one.getBoundingClientRect());
    texts.forEach((one, n) => {
      if (one.left < frame.left || one.right > frame.right + .5) found.push(box.textContent);
      texts.slice(n + 1).forEach(two => {
        if (one.left < two.right && two.left < one.right && one.top + 3 < two.bottom
          && two.top + 3 < one.bottom) found.push(box.textContent)})})}
  return found})"""
SHOWN = "[...document.querySelectorAll('.view')].filter(one => one.offsetParent).map(one => one.id)"


@pytest.mark.slow
@pytest.mark.parametrize("size", [14, 57, 200])
def test_no_label_leaves_its_box_or_meets_another_and_no_two_are_the_same(tmp_path, opened, size):
    page = opened(write_page(tmp_path, project(size)))
    if size > 14:
        assert page.evaluate(OVERLAPS) == []
        page.click(".switch a:last-child")
    assert page.evaluate(SHOWN) == ["view-all"]
    assert page.evaluate(OVERLAPS) == []
    names = page.locator("#view-all .name").all_text_contents()
    assert len(set(names)) == len(names) == size


@pytest.mark.slow
@pytest.mark.parametrize(("size", "scheme"), [(WIDE, "light"), (WIDE, "dark"), (PHONE, "light")])
def test_no_rule_of_accessibility_is_broken(grouped, opened, size, scheme):
    from axe_playwright_python.sync_playwright import Axe

    page = opened(grouped, size, color_scheme=scheme, bypass_csp=True)
    if size == WIDE:
        for _ in range(2):
            page.locator(".view.shown .box.closed").first.click()
        page.fill("#find", "worker")
        page.press("#find", "Enter")
        page.locator("#focus").wait_for()
    rules = {"runOnly": ["color-contrast"]} if scheme == "dark" else None  # the rest is the same
    broken = Axe().run(page, options=rules).response["violations"]
    assert [(one["id"], one["nodes"][0]["html"]) for one in broken] == []


def test_a_keyboard_alone_opens_a_group_finds_a_service_and_closes_all_again(opened, address):
    page = opened(address)
    assert page.evaluate(SHOWN) == ["view-groups"]
    page.locator(".view.shown .box.closed[aria-label*=catalogue]").focus()
    page.keyboard.press("Enter")
    assert len(page.evaluate(SHOWN)) == 1
    assert page.evaluate(SHOWN) != ["view-groups"]
    page.keyboard.press("Tab")
    focused = "document.activeElement.dataset.name"
    first = page.evaluate(focused)
    page.keyboard.press("ArrowDown")
    below = page.evaluate(focused)
    assert below not in {None, first}
    page.keyboard.press("ArrowUp")
    assert page.evaluate(focused) == first
    page.keyboard.press("/")
    search = page.get_by_role("searchbox", name="find a service in the graph")
    assert search.evaluate("one => one === document.activeElement")
    page.keyboard.type("catalogue-api")
    page.keyboard.press("Enter")
    around = page.locator("#focus").inner_text()
    for words in ("catalogue-api", "waits for", "postgres", "is waited for by", "talks to"):
        assert words in around
    assert page.locator(".box.chosen").get_attribute("data-name") == "catalogue-api"
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    assert page.locator("#focus").is_hidden()
    page.locator(".view.shown .box").first.focus()
    page.keyboard.press("Escape")
    assert page.evaluate(SHOWN) == ["view-groups"]


def test_a_phone_shows_every_service_and_hides_nothing_beside_the_screen(opened, address):
    page = opened(address, PHONE)
    assert page.locator(".steps .chip").count() == 57
    assert page.locator(".steps .chip").first.is_visible()
    page.locator(".chip", has_text="catalogue-worker").first.click()
    assert page.evaluate("document.querySelector(':target h3').textContent") == "catalogue-worker"
    assert page.evaluate(BESIDE) == []


def test_words_that_never_end_fit_a_phone(tmp_path, opened):
    word = "endless" * 12
    service = (
        f"{{image: 'registry.example.com/{word}:{word}', ports: ['8080:80'], networks: [{word}],"
        f" volumes: ['./{word}:/{word}'], depends_on: [postgres], secrets: [{word}],"
        f" environment: {{DATABASE_URL: 'postgres://postgres:rose-91@postgres/{word}'}}}}"
    )
    text = project(12).replace("name: shop", f"name: {word[:60]}", 1)
    text = text.replace("services:\n", f"services:\n  {word[:60]}: {service}\n", 1)
    text += f"networks: {{{word}: {{}}}}\nsecrets: {{{word}: {{file: ./{word}}}}}\n"
    page = opened(write_page(tmp_path, text), PHONE)
    page.evaluate("document.querySelectorAll('details').forEach(one => { one.open = true })")
    assert page.evaluate(BESIDE) == []


BESIDE = """[...document.querySelectorAll('body, body *')].filter(one =>
      one.getClientRects().length && one.scrollWidth > one.clientWidth + 1
      && getComputedStyle(one).overflowX !== 'visible' && getComputedStyle(one).display !== 'inline'
      || one.getBoundingClientRect().right > innerWidth + 1).map(one => one.outerHTML)"""


def test_groups_open_one_after_the_other_and_close_again(opened, address):
    page = opened(address)
    whole = page.locator("#view-all .box").count()
    for name in ("catalogue", "customer-accounts"):
        page.locator(f".view.shown .box.closed[aria-label*={name}]").click()
        assert page.evaluate(OVERLAPS) == []
    assert page.evaluate(SHOWN) == ["view-open"]
    tip = "[...document.querySelectorAll('#tip')].map(one => one.closest('svg').checkVisibility())"
    assert page.evaluate(tip) == [True]  # of one that is hidden no line has an arrow
    assert page.locator(".view.shown .frame").count() >= 2
    shown = page.locator(".view.shown .box:not(.closed)")
    assert page.locator(".view.shown [data-name=catalogue-api]").count() == 1
    assert page.locator(".view.shown [data-name=customer-accounts-worker]").count() == 1
    held = page.evaluate(
        "[...document.querySelectorAll('.view.shown .closed')]"
        ".flatMap(one => JSON.parse(one.dataset.holds)).length"
    )
    assert held + shown.count() == whole
    line = page.locator(".view.shown .edge[data-a=catalogue-worker][data-b=postgres] title")
    assert line.text_content() == "catalogue-worker waits for postgres: service_started"
    page.get_by_role("button", name="close catalogue").click()
    assert page.locator(".view.shown [data-name=catalogue-api]").count() == 0
    page.get_by_text("all 57 services").click()
    assert page.evaluate(SHOWN) == ["view-all"]
    page.locator(".switch").get_by_text("groups").click()
    assert page.locator(".view.shown [data-name=customer-accounts-worker]").count() == 1
    page.locator(".view.shown .opened").get_by_text("close").click()
    assert page.evaluate(SHOWN) == ["view-groups"]


def test_without_scripts_links_lead_to_every_service(opened, address):
    page = opened(address, java_script_enabled=False)
    assert page.locator("#view-groups").is_visible()
    page.locator("#view-groups .box.closed").first.click()
    assert page.locator("#view-groups").is_hidden()
    assert page.locator("#view-all").is_visible()
    assert page.locator("#find").is_hidden()


def test_names_are_shown_and_do_nothing(tmp_path, opened):
    """In the graph, in what a search finds, and in the words about a service that is chosen."""
    image = "<img src=x onerror=alert(1)>"
    text = project(14).replace("mailpit:1", image)
    page = opened(write_page(tmp_path, text))
    page.fill("#find", "onerror")
    assert page.locator("#found .chip").all_text_contents() == ["mailpit"]
    page.press("#find", "Enter")
    assert "mailpit" in page.locator("#focus").inner_text()
    assert page.locator("img").count() == 0
