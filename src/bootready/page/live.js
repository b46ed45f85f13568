// Shows each state of a boot, which is an event of the document: `state`.
{
  const at = id => document.getElementById("live-" + id),
    signs = { waiting: "·", starting: "…", ready: "✓", done: "✓", failed: "✕" };
  const grave = ["failed", "starting", "waiting", "ready", "done"];
  const element = (tag, text, kind) => {
    const one = document.createElement(tag);
    one.textContent = text;
    if (kind) one.className = kind;
    return one;
  };
  // What is as it was is not written again: a browser would lay out 200 boxes for one that changed.
  const mark = (one, sign, phase, text) => {
    if (one.dataset.now !== phase) one.dataset.now = phase;
    if (sign.textContent !== text) sign.textContent = text;
  };
  const colour = services => {
    const now = new Map(services.map(one => [one.service, one.phase])),
      awaited = new Set();
    services.forEach(one =>
      one.waiting_for.forEach(other => awaited.add(one.service + "\n" + other)),
    );
    document.querySelectorAll("#graph .view").forEach(view => {
      const key = new Map();
      view.querySelectorAll(".box").forEach(box => {
        const names = box.dataset.holds ? JSON.parse(box.dataset.holds) : [box.dataset.name];
        names.forEach(name => key.set(name, box.dataset.name));
        const phases = names.map(name => now.get(name)).filter(Boolean);
        if (!phases.length) {
          delete box.dataset.now;
          return;
        }
        const worst = grave.find(phase => phases.includes(phase)),
          up = phases.filter(phase => phase === "ready" || phase === "done").length;
        const count = names.length > 1 ? " " + up + "/" + names.length : "";
        mark(box, box.querySelector(".mark"), worst, signs[worst] + count);
      });
      const lines = new Set(
        [...awaited].map(pair =>
          pair
            .split("\n")
            .map(name => key.get(name))
            .join("\n"),
        ),
      );
      view
        .querySelectorAll(".edge")
        .forEach(edge =>
          edge.classList.toggle("awaited", lines.has(edge.dataset.a + "\n" + edge.dataset.b)),
        );
    });
  };
  const button = text => {
    const one = element("button", "copy the remedy", "copy");
    one.type = "button";
    one.addEventListener("click", () =>
      navigator.clipboard.writeText(text).then(() => {
        one.textContent = "copied";
      }),
    );
    return one;
  };
  const pull = one => {
    const row = element("li", "", "pull now-starting"),
      bar = document.createElement("progress");
    if (one.part !== null) bar.value = one.part;
    bar.setAttribute("aria-label", "how far " + one.image + " is pulled");
    const fast = one.rate === null ? "" : ", " + (one.rate / 1e6).toFixed(1) + " MB/s",
      left = one.left === null ? "" : ", about " + one.left + " s left";
    row.append(
      element("span", "pulling " + one.image),
      bar,
      element("span", one.words + fast + left),
    );
    return row;
  };
  const show = state => {
    const services = state.services || [];
    const up = services.filter(one => one.phase === "ready" || one.phase === "done").length;
    at("progress").max = Math.max(1, services.length);
    at("progress").value = up;
    at("pulls").replaceChildren(...(state.pulls || []).slice(0, 12).map(pull));
    at("diagnoses").replaceChildren(
      ...(state.diagnoses || []).map(one => {
        const part = element("div", "", "finding error");
        part.append(element("pre", one.text));
        if (navigator.clipboard) part.append(button(one.remedy));
        return part;
      }),
    );
    at("endpoints").replaceChildren(
      ...(state.endpoints || []).map(one =>
        element(
          "li",
          (one.answered ? "✓ " : "· ") +
            one.service +
            ": " +
            (one.name ? one.name + ", " : "") +
            one.target +
            (one.said ? ": " + one.said : ""),
          one.answered ? "now-ready" : "now-waiting",
        ),
      ),
    );
    const log = state.log || {};
    // A diagnosis has these lines already.
    const told = (state.diagnoses || []).some(one => one.service === log.service);
    at("log").hidden = told || !(log.lines && log.lines.length);
    if (log.lines) {
      at("log").querySelector("p").textContent = "last lines of " + log.service;
      at("log").querySelector("pre").textContent = log.lines.join("\n");
    }
    colour(services);
  };
  document.addEventListener("state", event => show(event.detail));
}
