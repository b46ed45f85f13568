// Several projects, the nodes of a swarm, and a picture that is old because the engine does not answer.
{
  const at = name => document.getElementById("live-" + name);
  const signs = { up: "✓", part: "…", down: "·", old: "?" };
  const words = { up: "up", part: "not all up", down: "not running", old: "not seen now" };
  const base = document.getElementById("live-progress") ? "../" : "";
  let edition = 0;
  let shown = "";
  let neighbours = [];
  const element = (tag, text, kind) => {
    const one = document.createElement(tag);
    one.textContent = text;
    if (kind) one.className = kind;
    return one;
  };
  const list = (projects, number) => {
    const here = base && number;
    const links = projects.map(one => {
      const link = element("a", "", "project now-" + one.state);
      link.href = base + one.number + "/";
      if (one.number === here) link.setAttribute("aria-current", "page");
      const count = one.services ? one.up + "/" + one.services : "";
      link.append(
        element("b", one.name),
        element("span", signs[one.state] + " " + words[one.state]),
      );
      link.append(element("span", count, "soft"));
      return link;
    });
    if (here) {
      const all = element("a", "all projects", "project");
      all.href = base;
      links.unshift(all);
    }
    neighbours = here
      ? [projects.at(here - 2).number, projects[here % projects.length].number]
      : [projects.at(-1).number, projects[0].number];
    const focused = document.activeElement && document.activeElement.getAttribute("href");
    at("projects").replaceChildren(...links, element("span", "p, n: previous, next", "soft small"));
    at("projects").hidden = false;
    links
      .filter(link => focused && link.getAttribute("href") === focused)
      .forEach(one => one.focus());
  };
  const node = one => {
    const part = element("div", "", "node");
    const head = element("p", "");
    head.append(element("b", one.name || "on no node"), " " + one.words.join(", "));
    head.className = one.good ? "" : "now-failed";
    const tasks = document.createElement("ul");
    one.tasks.forEach(task => {
      const kind = { running: "ready", complete: "done", failed: "failed", rejected: "failed" };
      const phase = kind[task.state] || "starting";
      const row = element("li", "", "now-" + phase);
      row.append(
        element("b", task.service),
        " " + task.state + (task.said ? ": " + task.said : ""),
      );
      tasks.append(row);
    });
    part.append(head, one.tasks.length ? tasks : element("p", "no task of this stack", "soft"));
    return part;
  };
  document.addEventListener("state", event => {
    const state = event.detail;
    if (edition && state.edition > edition) location.reload();
    edition = state.edition || edition;
    document.documentElement.classList.toggle("old", !!state.old);
    at("old").hidden = !state.old;
    const seen = state.seen ? new Date(state.seen * 1000).toLocaleTimeString() : "";
    const kept = seen ? "What is shown is from " + seen + ". " : "";
    at("old").textContent = state.old ? kept + "It is looked at again every second." : "";
    const now = JSON.stringify([state.projects, state.nodes]);
    if (now === shown) return;
    shown = now;
    if (state.projects) list(state.projects, state.number);
    if (at("nodes")) at("nodes").replaceChildren(...(state.nodes || []).map(node));
  });
  addEventListener("keydown", event => {
    const typing = /^(INPUT|TEXTAREA)$/.test(event.target.tagName);
    if (typing || event.ctrlKey || event.metaKey || event.altKey || !neighbours.length) return;
    const to = { p: neighbours[0], n: neighbours[1] }[event.key];
    if (to) location.href = base + to + "/";
  });
}
