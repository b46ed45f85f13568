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
        box.dataset.now = worst;
        box.querySelector(".mark").textContent =
          signs[worst] + (names.length > 1 ? " " + up + "/" + names.length : "");
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
  const show = state => {
    const services = state.services || [];
    const up = services.filter(one => one.phase === "ready" || one.phase === "done").length;
    at("progress").max = Math.max(1, services.length);
    at("progress").value = up;
    at("pulls").replaceChildren(
      ...(state.pulls || []).map(words => element("li", "pulling " + words, "now-starting")),
    );
    at("services").replaceChildren(
      ...services
        .filter(one => one.phase !== "ready" && one.phase !== "done")
        .slice(0, 40)
        .map(one => {
          const row = element("li", "", "now-" + one.phase);
          row.append(
            signs[one.phase] + " ",
            element("b", one.service),
            " " + one.phase + ": " + one.said,
          );
          return row;
        }),
    );
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
    at("log").hidden = !(log.lines && log.lines.length);
    if (log.lines) {
      at("log").querySelector("p").textContent = "last lines of " + log.service;
      at("log").querySelector("pre").textContent = log.lines.join("\n");
    }
    colour(services);
  };
  document.addEventListener("state", event => show(event.detail));
}
