// Shows what stands below the graph: the time line, the running stack, connections and findings.
{
  const at = id => document.getElementById(id),
    signs = { waiting: "·", starting: "…", ready: "✓", done: "✓", failed: "✕" };
  const make = (tag, kind, ...inside) => {
    const one = document.createElement(tag);
    if (kind) one.className = kind;
    one.append(...inside);
    return one;
  };
  const say = (node, words) => {
    if (node.textContent !== words) node.textContent = words;
  };
  const seconds = value =>
    value < 10 ? value.toFixed(1) + " s"
    : value < 100 ? Math.round(value) + " s"
    : value < 6000 ? Math.round(value / 60) + " min"
    : Math.round(value / 3600) + " h";
  const bytes = value => {
    const units = ["B", "KiB", "MiB", "GiB", "TiB"];
    let n = 0;
    while (value >= 1000 && n < 4) {
      value /= 1024;
      n++;
    }
    return (value < 10 && n ? value.toFixed(1) : Math.round(value)) + " " + units[n];
  };
  const card = name => {
    const found = [...document.querySelectorAll(".service[data-name]")].find(
      one => one.dataset.name === name,
    );
    if (!found) return make("b", "", name);
    const link = make("a", "", name);
    link.href = "#" + found.id;
    return link;
  };
  const copied = (words, text) => {
    if (!navigator.clipboard) return "";
    const one = make("button", "copy", words);
    one.type = "button";
    one.addEventListener("click", () =>
      navigator.clipboard.writeText(text).then(() => {
        one.textContent = "copied";
      }),
    );
    return one;
  };
  const marked = words =>
    words.split("`").map((part, n) => (n % 2 ? make("code", "", part) : part));
  // What is the same as before is left as it is: a person may be reading or tabbing through it.
  const last = new Map();
  const changed = (name, value) => {
    const text = JSON.stringify(value);
    if (last.get(name) === text) return false;
    last.set(name, text);
    return true;
  };

  const rows = new Map();
  let bars = [],
    began = 0,
    over = false,
    seen = 0;
  const rowOf = name => {
    let row = rows.get(name);
    if (row) return row;
    const of = kind => make("td", kind);
    row = {
      line: make("tr"),
      who: make("th", "who"),
      say: of("say"),
      track: of("track"),
      took: of("number took"),
      memory: of("number memory"),
      ports: of("ports"),
      sign: make("span", "sign"),
      wait: make("i", "wait"),
      run: make("i", "run"),
      words: make("span", "unseen"),
      state: make("span"),
      after: make("span", "soft after"),
    };
    row.who.scope = "row";
    row.sign.setAttribute("aria-hidden", "true");
    row.who.append(row.sign, " ", card(name));
    row.say.append(row.state, row.after);
    row.track.append(make("span", "lane", row.wait, row.run), row.words);
    row.line.append(row.who, row.say, row.track, row.took, row.memory, row.ports);
    rows.set(name, row);
    return row;
  };
  const steps = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1800, 3600, 7200];
  const past = () => (began ? Math.max(0, Date.now() / 1000 - began) : 0);
  const unfinished = bar => bar.phase === "starting" || (bar.phase === "waiting" && bar.created !== null);
  const axis = end => {
    const step = steps.find(one => end / one <= 6) || end / 4;
    const marks = [];
    for (let n = 0; n * step <= end * 0.94; n++) {
      const mark = make("span", "", seconds(n * step).replace(".0 ", " "));
      mark.style.left = (100 * n * step) / end + "%";
      marks.push(mark);
    }
    at("times-axis").replaceChildren(...marks);
    at("times").style.setProperty("--step", (100 * step) / end + "%");
  };
  const place = (node, from, to, end) => {
    const begin = Math.min(from, end);
    node.hidden = from === null || to === null || to < from;
    node.style.left = (100 * begin) / end + "%";
    node.style.width = (100 * Math.max(0, Math.min(to, end) - begin)) / end + "%";
  };
  const awaitedWords = bar => {
    const [first, ...others] = bar.waits;
    if (!first || bar.phase === "waiting") return "";
    return "after " + first.service + (others.length ? " and " + others.length + " more" : "");
  };
  const draw = () => {
    if (!over) seen = past();
    const known = bars.flatMap(bar => [bar.created, bar.started, bar.ready]).filter(one => one !== null);
    const running = bars.some(unfinished);
    const end = Math.max(0.5, ...known, running ? seen : 0) * 1.02;
    if (changed("end", end)) axis(end);
    bars.forEach(bar => {
      const row = rowOf(bar.service);
      if (row.line.hidden) return;
      // When it failed, or when it was up before the page was there, is not known.
      const unknown = bar.ready === null && !unfinished(bar),
        stop = bar.ready ?? (unfinished(bar) ? seen : bar.started);
      place(row.wait, bar.created, bar.started ?? stop, end);
      place(row.run, bar.started, stop, end);
      const took = bar.started === null || unknown ? null : stop - bar.started;
      const words = took === null ? "" : took < 0.05 ? "at once" : seconds(took);
      say(row.took, (bar.critical && words ? "◆ " : "") + words);
    });
  };
  const line = (bars, services, running) => {
    const states = new Map(services.map(one => [one.service, one])),
      stacks = new Map(running.map(one => [one.service, one]));
    bars.forEach(bar => {
      const row = rowOf(bar.service),
        state = states.get(bar.service),
        stack = stacks.get(bar.service) || { ports: [], memory: null, limit: null, status: "" };
      row.line.dataset.phase = bar.phase;
      row.line.classList.toggle("critical", bar.critical);
      say(row.sign, signs[bar.phase]);
      say(row.state, state ? state.said : bar.phase);
      say(row.after, awaitedWords(bar));
      row.say.title = stack.status;
      const words = bar.waits.map(
        one =>
          one.service + " (" + one.condition.replace("service_", "").replaceAll("_", " ") + ")" +
          (one.until === null ? ", not yet" : ", " + seconds(one.until)),
      );
      const waited = words.length ? "waited for " + words.join("; ") : "waited for nothing";
      row.track.title = waited;
      const named = [
        ["created", bar.created],
        ["started", bar.started],
        ["up", bar.ready],
      ].filter(pair => pair[1] !== null);
      say(row.words, [...named.map(pair => pair[0] + " at " + seconds(pair[1])), waited].join(", "));
      const near = stack.limit && stack.memory > 0.9 * stack.limit;
      say(
        row.memory,
        stack.memory === null ? ""
        : bytes(stack.memory) + (stack.limit ? " of " + bytes(stack.limit) : "") + (near ? " !" : ""),
      );
      row.memory.classList.toggle("near", Boolean(near));
      if (changed("ports " + bar.service, stack.ports))
        row.ports.replaceChildren(
          ...stack.ports.flatMap(one => {
            if (!one.href) return [make("span", "", String(one.port)), " "];
            const link = make("a", "", ":" + one.port);
            link.href = one.href;
            link.rel = "noopener noreferrer";
            link.target = "_blank";
            link.title = "open port " + one.port + ", " + one.inside + " of the container, in another tab";
            return [link, " "];
          }),
        );
    });
    const names = bars.map(bar => bar.service);
    if (changed("order", names)) at("times-rows").replaceChildren(...names.map(name => rowOf(name).line));
  };
  // The cards of the page were made once: what they say of containers is said anew.
  const cards = services => {
    const states = new Map(services.map(one => [one.service, one]));
    document.querySelectorAll(".service[data-name]").forEach(one => {
      const state = states.get(one.dataset.name),
        tags = one.querySelector(".tags");
      let tag = tags.querySelector(".up, .down, .then");
      if (!state) return;
      if (!tag) tags.prepend((tag = make("span", "tag")));
      const kind = { failed: "down", ready: "up", done: "up" }[state.phase] || "then";
      tag.className = "tag " + kind;
      say(tag, "now: " + state.said);
    });
  };
  // A phone shows these in place of the graph.
  const chips = services => {
    const states = new Map(services.map(one => [one.service, one]));
    document.querySelectorAll(".steps .chip[data-name]").forEach(chip => {
      const state = states.get(chip.dataset.name);
      if (!state) return;
      chip.dataset.now = state.phase;
      const waits = state.waiting_for.length ? " waits for " + state.waiting_for.join(", ") : "";
      const mark = make("span", "now-" + state.phase, signs[state.phase]);
      chip.replaceChildren(mark, " " + chip.dataset.name, make("span", "soft small", waits));
    });
  };
  // Of many services those are shown first that say most; the button shows all of them.
  const most = 20;
  let every = false;
  const few = bars => {
    const rank = bar =>
      bar.phase === "failed" ? 0
      : bar.critical ? 1
      : bar.phase === "starting" ? 2
      : bar.phase === "waiting" ? 4
      : 3;
    const took = bar => (bar.ready ?? 0) - (bar.started ?? 0);
    const order = [...bars].sort((a, b) => rank(a) - rank(b) || took(b) - took(a));
    const kept = new Set(order.slice(0, every || bars.length <= most + 4 ? bars.length : most));
    bars.forEach(bar => {
      const hidden = !kept.has(bar);
      if (rowOf(bar.service).line.hidden !== hidden) rowOf(bar.service).line.hidden = hidden;
    });
    at("times-all").hidden = bars.length <= most + 4;
    at("times-all").setAttribute("aria-expanded", String(every));
    say(at("times-all"), every ? "show fewer services" : "show all " + bars.length + " services");
    at("times").classList.toggle("portless", !document.querySelector("#times .ports > *"));
  };
  if (at("times"))
    at("times-all").addEventListener("click", () => {
      every = !every;
      few(bars);
      draw();
    });
  const save = found => {
    at("times-savings").hidden = !found.length;
    at("times-savings").querySelector("ul").replaceChildren(
      ...found.map(one =>
        make(
          "li",
          "",
          make("b", "", "up to " + seconds(one.seconds)),
          one.service ? " " : "",
          one.service ? card(one.service) : "",
          ": ",
          ...marked(one.words),
        ),
      ),
    );
  };

  const kinds = {
    refused: ["✕", "refused", "now-failed"],
    down: ["·", "not there yet", "now-waiting"],
    unknown: ["?", "not known", "soft"],
    answers: ["✓", "answers", "now-ready"],
    open: ["✓", "open", "now-ready"],
  };
  const connections = (all, services) => {
    // What is not up yet may listen later: that is a refusal only to a client that runs.
    const phases = new Map(services.map(one => [one.service, one.phase]));
    const found = all.map(one => {
      const early = phases.get(one.target) === "starting" && phases.get(one.service) === "waiting";
      return one.reach === "refused" && early ? { ...one, reach: "down" } : one;
    });
    const awaited = new Set(
      services.flatMap(one => one.waiting_for.map(other => one.service + "\n" + other)),
    );
    at("reach").hidden = !found.length;
    const row = one => {
      const [sign, words, kind] = kinds[one.reach];
      const waits = awaited.has(one.service + "\n" + one.target);
      return make(
        "li",
        waits ? "waits" : "",
        make("span", kind, sign + " "),
        card(one.service),
        " → ",
        card(one.target),
        one.port ? make("span", "mono", ":" + one.port) : "",
        " ",
        make("span", kind, words),
        waits ? make("span", "now-starting", " waits for it") : "",
        one.why ? make("span", "soft", ": " + one.why) : "",
      );
    };
    const good = found.filter(one => one.reach === "answers" || one.reach === "open" || one.reach === "unknown"),
      sure = good.filter(one => one.reach !== "unknown").length,
      bad = found.filter(one => !good.includes(one)).sort((a, b) => (b.reach === "refused") - (a.reach === "refused"));
    const counts = Object.entries(kinds)
      .map(([kind, [, words]]) => [found.filter(one => one.reach === kind).length, words])
      .filter(pair => pair[0]);
    const said = counts.map(([count, words]) =>
      [count, words === "answers" && count > 1 ? "answer" : words].join(" "),
    );
    say(at("reach-count"), said.join(", "));
    at("reach-bad").replaceChildren(...bad.slice(0, 40).map(row));
    at("reach-rest").hidden = !good.length;
    at("reach-rest").querySelector("summary").textContent =
      [sure && "those that answer: " + sure, good.length > sure && "not known: " + (good.length - sure)].filter(Boolean).join(", ");
    at("reach-rest").querySelector("ul").replaceChildren(...good.map(row));
    const worst = new Map();
    const rank = Object.keys(kinds);
    found.forEach(one => {
      const key = one.target + "\n" + one.service,
        before = worst.get(key);
      if (!before || rank.indexOf(one.reach) < rank.indexOf(before)) worst.set(key, one.reach);
    });
    document.querySelectorAll("#talking .edge").forEach(edge => {
      const reach = worst.get(edge.dataset.a + "\n" + edge.dataset.b);
      if (reach) edge.dataset.reach = reach;
    });
  };

  const finding = one => {
    const tags = [];
    if (one.change) tags.push(make("span", "tag", one.change === "gone" ? "not found any more" : "new"));
    if (one.confirmed) tags.push(make("span", "tag down", "the boot confirms it"));
    const part = make("div", "finding " + (one.change === "gone" ? "gone" : one.severity));
    part.append(make("p", "", make("span", "word", one.severity), " ", make("span", "message", ...marked(one.message)), " ", make("code", "", one.check), " ", ...tags));
    if (one.place) part.append(make("p", "small mono soft", one.place));
    if (one.hint && one.change !== "gone") part.append(make("p", "", make("span", "soft", "hint "), ...marked(one.hint)));
    if (one.command && one.change !== "gone")
      part.append(make("p", "remedy", "→ ", make("code", "", one.command), " ", ...marked(one.remedy), " ", copied("copy", one.command)));
    return part;
  };
  const check = (found, unread, fresher) => {
    at("checks").hidden = !found.length && !unread;
    at("checks-unread").hidden = !unread;
    say(at("checks-unread"), unread ? "the files cannot be read as a project now: " + unread : "");
    const now = found.filter(one => one.change !== "gone"),
      moved = found.filter(one => one.change).length;
    const counts = ["error", "warning", "note"]
      .map(word => [now.filter(one => one.severity === word).length, word])
      .filter(pair => pair[0])
      .map(([count, word]) => count + " " + word + (count === 1 ? "" : "s"));
    const fresh = found.filter(one => one.change === "new").length;
    if (fresh) counts.push(fresh + " new");
    if (moved - fresh) counts.push(moved - fresh + " not found any more");
    say(at("checks-count"), counts.join(", "));
    // A page that `serve` makes loads itself again.
    at("checks-stale").hidden = !moved || fresher;
    const first = found
        .filter(one => one.severity === "error" || one.change || one.confirmed)
        .slice(0, 40),
      rest = found.filter(one => !first.includes(one));
    const parts = first.map(finding);
    if (rest.length) {
      const fold = make("details", "", make("summary", "", rest.length + " more"), ...rest.map(finding));
      fold.open = Boolean(at("checks-rows").querySelector("details[open]"));
      parts.push(fold);
    }
    at("checks-rows").replaceChildren(...parts);
  };

  const show = state => {
    const services = state.services || [];
    began = state.epoch || state.began || 0;
    bars = (state.timeline || {}).bars || [];
    at("times").hidden = !bars.some(bar => bar.created !== null || bar.started !== null);
    const path = (state.timeline || {}).path || [];
    say(at("times-path"), path.length > 1 ? "critical path: " + path.join(" → ") : "");
    if (changed("line", [bars, services, state.running])) {
      line(bars, services, state.running || []);
      few(bars);
      cards(services);
      chips(services);
    }
    const legend = document.querySelector("#graph .legend"),
      waits = services.some(one => one.waiting_for.length);
    if (legend && waits && !legend.querySelector(".awaited"))
      legend.append(make("span", "soft small", make("i", "key awaited"), "is waited for now"));
    draw();
    if (changed("savings", state.savings)) save(state.savings || []);
    if (changed("connections", [state.connections, services.map(one => one.waiting_for)]))
      connections(state.connections || [], services);
    if (changed("findings", [state.findings, state.unread])) check(state.findings || [], state.unread || "", Boolean(state.edition));
  };
  // The page about files that cannot be read has no such part.
  if (at("times")) document.addEventListener("state", event => show(event.detail));
  document.addEventListener("over", () => {
    over = true;
  });
  setInterval(() => {
    if (!over && bars.some(unfinished)) draw();
  }, 250);
}
