// Groups that are open, as many as a person likes, in one picture: the boxes and lines of the two
// pictures that the page has, in the places that `layOut` gives them.
const openedGroups = (() => {
  const [MARGIN, TOP, WIDTH, HEIGHT, BAND, NAMED] = [12, 36, 208, 56, 30, 6];
  const LETTERS = 26;
  const number = value => String(Math.round(value * 10) / 10);
  const element = (tag, attributes, text = "") => {
    const space = document.querySelector("svg").namespaceURI;
    const one = document.createElementNS(space, tag);
    Object.entries(attributes).forEach(([name, value]) => one.setAttribute(name, value));
    one.textContent = text;
    return one;
  };
  const words = (x, y, text) =>
    element("text", { class: "heading", x: number(x), y: number(y) }, text);

  const path = points => {
    let [x, y] = points[0];
    let text = `M${number(x)} ${number(y)}`;
    points.slice(1).forEach(([nextX, nextY], n) => {
      const middle = (x + nextX) / 2;
      text +=
        n % 2 && nextY === y
          ? `L${number(nextX)} ${number(nextY)}`
          : `C${[middle, y, middle, nextY, nextX, nextY].map(number).join(" ")}`;
      [x, y] = [nextX, nextY];
    });
    return text;
  };

  // The dependencies that one line stands for, by whom it joins; of lines that would run both ways
  // between two boxes, the one with more of them is drawn.
  const bundlesOf = (edges, keyOf, isGroup) => {
    const found = new Map();
    edges.forEach(edge => {
      const [a, b] = [keyOf(edge.dataset.a), keyOf(edge.dataset.b)];
      if (a === b) return;
      const key = a + "\n" + b;
      if (!found.has(key)) found.set(key, { a, b, edges: [] });
      found.get(key).edges.push(edge);
    });
    [...found.keys()].sort().forEach(key => {
      const mine = found.get(key);
      const other = mine && found.get(mine.b + "\n" + mine.a);
      if (!other || !(isGroup(mine.a) || isGroup(mine.b))) return;
      const [stays, goes] = mine.edges.length >= other.edges.length ? [mine, other] : [other, mine];
      stays.edges.push(...goes.edges);
      found.delete(goes.a + "\n" + goes.b);
    });
    return found;
  };

  const kindOf = edge => ["healthy", "started", "completed"].find(kind => edge.matches("." + kind));

  const line = (route, bundle) => {
    const counts = new Map();
    bundle.edges.forEach(edge => counts.set(kindOf(edge), (counts.get(kindOf(edge)) || 0) + 1));
    const kind = [...counts].sort().reduce((best, one) => (one[1] > best[1] ? one : best))[0];
    const awaited = bundle.edges.some(edge => edge.matches(".awaited"));
    const count = bundle.edges.length;
    const drawn = element("path", {
      class: `edge ${kind || ""}${awaited ? " awaited" : ""}`,
      d: path(route.points),
      [route.back ? "marker-start" : "marker-end"]: "url(#tip)",
      "data-a": route.service,
      "data-b": route.needs,
    });
    if (count > 1) drawn.style.strokeWidth = number(Math.min(5, 1.4 + 0.5 * count ** 0.5)) + "px";
    const said = bundle.edges.slice(0, NAMED).map(edge => edge.textContent);
    if (count > NAMED) said.push(`and ${count - NAMED} more`);
    drawn.append(element("title", {}, said.join("\n")));
    return drawn;
  };

  const frames = (places, groups) =>
    groups.flatMap(group => {
      const columns = new Map();
      group.members.forEach(name => {
        const { x, y } = places.get(name);
        columns.set(
          x,
          [...(columns.get(x) || []), y].sort((a, b) => a - b),
        );
      });
      return [...columns].flatMap(([x, tops]) => {
        const runs = [];
        tops.forEach((y, n) => {
          if (!n || y - tops[n - 1] > 2 * HEIGHT + 2 * BAND) runs.push([]);
          runs.at(-1).push(y);
        });
        return runs.flatMap(run =>
          frame(x, run[0] - BAND + 4, run.at(-1) + HEIGHT + 9, group.name),
        );
      });
    });

  const frame = (x, top, bottom, name) => {
    const shown = name.length > LETTERS ? name.slice(0, LETTERS - 8) + "…" + name.slice(-7) : name;
    const size = { width: WIDTH + 18, height: number(bottom - top), rx: 11 };
    const place = { x: number(x - 9), y: number(top) };
    return [element("rect", { class: "frame", ...place, ...size }), words(x, top + 16, shown)];
  };

  const headings = drawing => {
    const found = drawing.columns.map((x, n) =>
      words(x, -16, n ? `then · ${n + 1}` : "starts first"),
    );
    const alone = "independent: no dependencies, and no service depends on them";
    if (drawing.aloneTop || !drawing.columns.length)
      found.push(words(0, drawing.aloneTop - 16, alone));
    return found;
  };

  // Return the picture in which `groups` are open, each with a name and its members. `closed` is the
  // picture of all groups, `whole` that of every service.
  return (groups, closed, whole) => {
    const all = (what, within) => [...within.querySelectorAll(what)];
    const groupOf = new Map(groups.flatMap((one, n) => one.members.map(name => [name, n + 1])));
    const shut = all(".box.closed", closed).filter(
      box => !groups.some(one => one.key === box.dataset.name),
    );
    const inside = new Map(
      shut.flatMap(box => JSON.parse(box.dataset.holds).map(name => [name, box.dataset.name])),
    );
    const single = all(".box", whole).filter(box => !inside.has(box.dataset.name));
    const boxes = [...single, ...shut];
    const keys = new Set(shut.map(box => box.dataset.name));
    const bundles = bundlesOf(
      all(".edge", whole),
      name => inside.get(name) || name,
      name => keys.has(name),
    );
    const drawing = layOut(
      boxes.map(box => box.dataset.name),
      [...bundles.values()].map(one => [one.a, one.b]),
      name => groupOf.get(name) || 0,
    );
    const [width, height] = [drawing.width + 2 * MARGIN, drawing.height + TOP + MARGIN];
    const svg = element("svg", {
      viewBox: `0 0 ${number(width)} ${number(height)}`,
      role: "group",
      "aria-label": whole.getAttribute("aria-label"),
    });
    svg.style.setProperty("--natural", number(width) + "px");
    const ground = element("g", { transform: `translate(${MARGIN} ${TOP})` });
    const place = box => drawing.places.get(box.dataset.name);
    const drawn = boxes
      .sort((one, other) => place(one).x - place(other).x || place(one).y - place(other).y)
      .map(box => {
        const copy = box.cloneNode(true);
        const { x, y } = place(box);
        copy.querySelector("g").setAttribute("transform", `translate(${number(x)} ${number(y)})`);
        copy.classList.remove("dim", "miss", "chosen");
        return copy;
      });
    const lines = drawing.routes.map(route =>
      line(route, bundles.get(route.service + "\n" + route.needs)),
    );
    ground.append(...headings(drawing), ...frames(drawing.places, groups), ...lines, ...drawn);
    svg.append(ground);
    return svg;
  };
})();
