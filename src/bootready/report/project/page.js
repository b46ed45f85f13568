// What the page does with a script: groups, search, keys, neighbours. The rest works without one.
"use strict";
const root = document.documentElement,
  all = (what, of = document) => [...of.querySelectorAll(what)],
  one = what => document.querySelector(what);
root.classList.add("js");
const graph = one("#graph"),
  find = one("#find"),
  found = one("#found"),
  focus = one("#focus"),
  views = all(".view");
const opened = new Map();
let shown = views[0],
  chosen = null;
const boxes = () => (shown ? all(".box", shown) : []),
  holds = box => (box.dataset.holds ? JSON.parse(box.dataset.holds) : [box.dataset.name]);
const cardOf = name => all(".service[data-name]").find(card => card.dataset.name === name);
const boxOf = name => boxes().find(box => holds(box).includes(name));
const light = (key, within) => {
  const near = new Set([key]);
  all(".edge", within).forEach(edge => {
    const mine = edge.dataset.a === key || edge.dataset.b === key;
    if (mine) {
      near.add(edge.dataset.a);
      near.add(edge.dataset.b);
    }
    edge.classList.toggle("dim", key !== null && !mine);
    edge.classList.toggle("lit", key !== null && mine);
  });
  all(".box", within).forEach(box =>
    box.classList.toggle("dim", key !== null && !near.has(box.dataset.name)),
  );
};
const relight = () => {
  const box = chosen && boxOf(chosen);
  light(box ? box.dataset.name : null, shown);
  boxes().forEach(other => other.classList.toggle("chosen", other === box));
};
const show = view => {
  if (!view) return;
  shown = view;
  views.forEach(other => other.classList.toggle("shown", other === view));
  all(".switch a").forEach(link =>
    link.setAttribute(
      "aria-current",
      String((link.hash === "#view-all") === (view.id === "view-all")),
    ),
  );
  relight();
  search();
};
// The view with the groups that are open is made anew each time; with none it is the first one.
const draw = () => {
  const old = one("#view-open");
  if (old) views.splice(views.indexOf(old), 1);
  if (old) old.remove();
  if (!opened.size) return show(views[0]);
  const view = document.createElement("div"),
    bar = document.createElement("p"),
    ground = document.createElement("div");
  view.id = "view-open";
  view.className = "view";
  bar.className = "opened";
  ground.className = "graph";
  const closing = document.createElement("a");
  closing.href = "#view-groups";
  closing.textContent = opened.size > 1 ? "close all" : "close";
  bar.append(closing);
  opened.forEach(group => {
    const name = document.createElement("b"),
      close = document.createElement("button");
    name.textContent = group.name;
    close.type = "button";
    close.textContent = "close " + group.name;
    close.addEventListener("click", () => toggle(group));
    bar.append(opened.size > 1 ? close : name, " ");
  });
  const svgs = views.map(other => other.querySelector("svg"));
  const svg = openedGroups([...opened.values()], svgs[0], svgs.at(-1));
  ground.append(svg);
  view.append(bar, ground);
  views[0].after(view);
  views.splice(1, 0, view);
  attend(svg);
  return show(view);
};
const toggle = group => {
  if (!opened.delete(group.key)) opened.set(group.key, group);
  draw();
  const at = boxes().find(box => group.members.includes(box.dataset.name)) || boxes()[0];
  const first = opened.size ? one(".view.shown .opened a") : at;
  if (first) first.focus({ preventScroll: true });
};
const groupOf = box => ({
  key: box.dataset.name,
  name: box.querySelector("title").textContent.split(/: \d+ services/)[0],
  members: holds(box),
});
const choose = name => {
  chosen = name;
  const held = name && boxOf(name);
  if (held && held.dataset.holds) {
    const group = groupOf(held);
    opened.set(group.key, group);
    draw();
  }
  graph.classList.toggle("choosing", name !== null);
  relight();
  const card = name && cardOf(name);
  if (!focus) return;
  focus.replaceChildren();
  focus.hidden = !card;
  if (!card) return;
  const head = document.createElement("p"),
    title = document.createElement("b"),
    link = document.createElement("a"),
    close = document.createElement("button");
  title.textContent = name;
  link.href = "#" + card.id;
  link.textContent = "everything about it";
  close.type = "button";
  close.textContent = "close";
  close.addEventListener("click", () => choose(null));
  head.append(title, " ", link, " ", close);
  focus.append(head);
  const around = card.querySelector(".around");
  if (around) focus.append(around.cloneNode(true));
  else focus.append("It has no dependencies, and no service depends on it.");
};
const search = () => {
  if (!find) return;
  const word = find.value.trim().toLowerCase();
  found.replaceChildren();
  const hits = word
    ? all(".service[data-name]").filter(
        card =>
          card.dataset.name.toLowerCase().includes(word) ||
          card.querySelector(".mono").textContent.toLowerCase().includes(word),
      )
    : [];
  const names = new Set(hits.map(card => card.dataset.name));
  [...boxes(), ...all(".steps .chip")].forEach(box =>
    box.classList.toggle("miss", word !== "" && !holds(box).some(name => names.has(name))),
  );
  if (!word) return;
  found.append(hits.length === 1 ? "1 service " : hits.length + " services ");
  hits.slice(0, 8).forEach(card => {
    const link = document.createElement("a");
    link.href = "#" + card.id;
    link.dataset.name = card.dataset.name;
    link.className = "chip";
    link.textContent = card.dataset.name;
    found.append(link, " ");
  });
  if (hits.length > 8) found.append("and " + (hits.length - 8) + " more");
};
const go = (box, key) => {
  const at = box.getBoundingClientRect(),
    x = at.x + at.width / 2,
    y = at.y + at.height / 2;
  const ways = { ArrowRight: [1, 0], ArrowLeft: [-1, 0], ArrowDown: [0, 1], ArrowUp: [0, -1] },
    [dx, dy] = ways[key];
  let best = null,
    least = Infinity;
  boxes().forEach(other => {
    if (other === box) return;
    const to = other.getBoundingClientRect(),
      ax = to.x + to.width / 2 - x,
      ay = to.y + to.height / 2 - y;
    const along = ax * dx + ay * dy,
      aside = Math.abs(ax * dy) + Math.abs(ay * dx),
      cost = along + 3 * aside;
    if (along > 4 && cost < least) {
      least = cost;
      best = other;
    }
  });
  if (best) {
    best.focus();
    best.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
};
const attend = svg =>
  all(".box", svg).forEach(box => {
    const on = () => light(box.dataset.name, svg),
      off = () => {
        if (shown && shown.contains(svg)) relight();
        else light(null, svg);
      };
    box.addEventListener("mouseenter", on);
    box.addEventListener("mouseleave", off);
    box.addEventListener("focus", on);
    box.addEventListener("blur", off);
  });
all(".graph svg").forEach(attend);
const nameOf = link => {
  const card = link.closest(".around") && document.getElementById(link.hash.slice(1));
  return card ? card.dataset.name : link.dataset.name;
};
if (graph)
  graph.addEventListener("click", event => {
    const link = event.target.closest("a");
    if (!link || event.ctrlKey || event.metaKey) return;
    const to = link.getAttribute("href");
    if (to.startsWith("#view-")) {
      event.preventDefault();
      if (link.matches(".closed")) return toggle(groupOf(link));
      if (!link.closest(".switch")) opened.clear();
      if (to === "#view-groups") draw();
      else show(document.getElementById(to.slice(1)));
      if (link.closest(".switch")) return;
      const first = boxes()[0];
      if (first) first.focus({ preventScroll: true });
    } else if (nameOf(link) && !link.closest(".steps")) {
      event.preventDefault();
      choose(nameOf(link));
      const box = boxOf(chosen);
      if (box) box.scrollIntoView({ block: "nearest", inline: "nearest" });
    }
  });
addEventListener("keydown", event => {
  const box = event.target.closest && event.target.closest("#graph .box");
  if (box && event.key.startsWith("Arrow")) {
    event.preventDefault();
    go(box, event.key);
  } else if (event.key === "Escape") {
    if (find && find.value) {
      find.value = "";
      search();
    } else if (chosen) choose(null);
    else if (views.length > 1 && shown !== views[0] && graph.contains(event.target)) {
      opened.clear();
      draw();
      const first = boxes()[0];
      if (first) first.focus();
    }
  } else if (event.key === "/" && find && !/^(INPUT|TEXTAREA)$/.test(event.target.tagName)) {
    event.preventDefault();
    find.focus();
  } else if (event.key === "Enter" && event.target === find) {
    const hit = found.querySelector(".chip");
    if (hit) choose(hit.dataset.name);
  }
});
if (find) find.addEventListener("input", search);
if (views.length) show(views.find(view => "#" + view.id === location.hash) || views[0]);
const open = () => {
  let at;
  try {
    at = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  } catch {
    return;
  }
  if (at && views.includes(at)) show(at);
  const fold = at && at.closest("details");
  if (fold) {
    fold.open = true;
    at.scrollIntoView();
  }
};
addEventListener("hashchange", open);
open();
const filter = one("#filter");
// What a card is filtered by: name, image, ports, networks, volumes, and what the service waits for.
const textOf = card =>
  all("h3, .head > .mono:not(.soft), .tag, p.mono, .around > div", card)
    .map(part => part.textContent)
    .filter(text => !/^(is waited for by|talks to|is asked by) /.test(text))
    .join(" ")
    .toLowerCase();
if (filter)
  filter.addEventListener("input", () => {
    const word = filter.value.toLowerCase();
    all(".service[data-name]").forEach(card => {
      card.hidden = !textOf(card).includes(word);
    });
  });
if (navigator.clipboard)
  all(".copy").forEach(button => {
    button.hidden = false;
    button.addEventListener("click", () =>
      navigator.clipboard
        .writeText(button.parentNode.querySelector("code").textContent)
        .then(() => {
          button.textContent = "copied";
        }),
    );
  });
addEventListener("beforeprint", () =>
  all("details").forEach(fold => {
    fold.dataset.was = fold.open ? "1" : "";
    fold.open = true;
  }),
);
addEventListener("afterprint", () =>
  all("details").forEach(fold => {
    fold.open = fold.dataset.was === "1";
  }),
);
