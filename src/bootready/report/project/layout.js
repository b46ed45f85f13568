// Names and edges -> a place for every name, as `layout.py` does it, and with groups that are open:
// their members stand beside each other in each column. A test holds the two to the same places.
const layOut = (() => {
  const WIDTH = 208;
  const GAP_X = 76;
  const HEADING = 340;
  const TALLEST = 14;
  const SWEEPS = 12;
  const HEIGHT = 56;
  const GAP_Y = 18;
  const WAY_HEIGHT = 14;
  const BAND = 30;
  const EMPTY = 40;
  const PASSES = 8;

  const compare = (a, b) => (a < b ? -1 : a > b ? 1 : 0);
  // As Python compares words: by code point.
  const words = (a, b) => {
    const one = [...a];
    const other = [...b];
    const at = one.findIndex((letter, n) => letter !== other[n]);
    if (at < 0) return one.length - other.length;
    return at < other.length ? one[at].codePointAt(0) - other[at].codePointAt(0) : 1;
  };
  const by = key => (a, b) => {
    const one = key(a);
    const other = key(b);
    for (let n = 0; n < one.length; n++) {
      const found = (typeof one[n] === "string" ? words : compare)(one[n], other[n]);
      if (found) return found;
    }
    return 0;
  };
  const pairKey = (a, b) => a + "\n" + b;
  const isWay = name => name.includes("\0");
  const range = (from, to) => Array.from({ length: Math.max(0, to - from) }, (_, n) => from + n);
  const sum = numbers => numbers.reduce((total, one) => total + one, 0);
  const most = (numbers, otherwise) => numbers.reduce((a, b) => Math.max(a, b), otherwise);

  const ranksOf = (names, edges) => {
    const needs = new Map(names.map(name => [name, []]));
    edges.forEach(([service, other]) => needs.get(service).push(other));
    const ranks = new Map();
    names.forEach(start => {
      const stack = [[start, 0]];
      const open = new Set([start]);
      while (stack.length) {
        const last = stack[stack.length - 1];
        const [name] = last;
        const others = needs.get(name);
        while (last[1] < others.length && ranks.has(others[last[1]])) last[1]++;
        if (ranks.has(name) || last[1] >= others.length) {
          stack.pop();
          open.delete(name);
          if (!ranks.has(name)) {
            const below = others.filter(one => ranks.has(one)).map(one => ranks.get(one));
            ranks.set(name, most(below, -1) + 1);
          }
        } else {
          const following = others[last[1]++];
          if (!open.has(following)) {
            open.add(following);
            stack.push([following, 0]);
          }
        }
      }
    });
    return ranks;
  };

  const continued = (ranks, groupOf) => {
    const members = range(0, most([...ranks.values()], -1) + 1).map(() => []);
    const first = name => groupOf(name) || Infinity;
    [...ranks.keys()]
      .sort(by(name => [first(name), name]))
      .forEach(name => members[ranks.get(name)].push(name));
    const columns = new Map();
    const firsts = [];
    let column = 0;
    members.forEach(names => {
      firsts.push(column);
      const count = Math.ceil(names.length / TALLEST);
      const share = Math.ceil(names.length / count);
      names.forEach((name, n) => columns.set(name, column + Math.floor(n / share)));
      column += count;
    });
    return [columns, firsts];
  };

  const withWays = (ranks, edges) => {
    const layers = range(0, most([...ranks.values()], -1) + 1).map(() => []);
    ranks.forEach((rank, name) => layers[rank].push(name));
    const made = new Set();
    const chains = new Map();
    edges.forEach(([service, need]) => {
      const chain = [need];
      range(ranks.get(need) + 1, ranks.get(service)).forEach(rank => {
        const way = need + "\0" + rank;
        chain.push(way);
        if (!made.has(way)) {
          made.add(way);
          layers[rank].push(way);
        }
      });
      chains.set(pairKey(service, need), [...chain, service]);
    });
    return [layers, chains];
  };

  const neighbours = chains => {
    const before = new Map();
    const behind = new Map();
    const put = (near, name, other) => near.set(name, (near.get(name) || new Set()).add(other));
    chains.forEach(chain =>
      range(1, chain.length).forEach(n => {
        put(before, chain[n], chain[n - 1]);
        put(behind, chain[n - 1], chain[n]);
      }),
    );
    const sorted = near =>
      new Map([...near].map(([name, others]) => [name, [...others].sort(words)]));
    return [sorted(before), sorted(behind)];
  };

  const indexes = layer => new Map(layer.map((name, n) => [name, n]));

  const crossings = (layers, behind) => {
    let total = 0;
    range(1, layers.length).forEach(n => {
      const place = indexes(layers[n]);
      const passed = new Array(layers[n].length).fill(0);
      layers[n - 1].forEach(name => {
        const ends = (behind.get(name) || []).map(one => place.get(one));
        ends.forEach(end => (total += sum(passed.slice(end + 1))));
        ends.forEach(end => passed[end]++);
      });
    });
    return total;
  };

  const sortByMean = (layer, fixed, near, groupOf) => {
    const place = new Map(fixed.map((name, n) => [name, (n + 0.5) / fixed.length]));
    const now = new Map(layer.map((name, n) => [name, (n + 0.5) / layer.length]));
    const mean = new Map();
    const ofGroup = new Map();
    layer.forEach(name => {
      const found = (near.get(name) || []).map(one => place.get(one));
      mean.set(name, found.length ? sum(found) / found.length : now.get(name));
      const group = groupOf(name);
      if (group) ofGroup.set(group, [...(ofGroup.get(group) || []), mean.get(name)]);
    });
    layer.sort(
      by(name => {
        const all = ofGroup.get(groupOf(name));
        const own = mean.get(name);
        return [all ? sum(all) / all.length : own, groupOf(name), own, now.get(name)];
      }),
    );
  };

  const swapped = (layers, before, behind, groupOf) => {
    let changed = false;
    const places = layers.map(indexes);
    layers.forEach((layer, column) => {
      const sides = [
        [column - 1, before],
        [column + 1, behind],
      ].filter(([at]) => at >= 0 && at < layers.length);
      for (let n = 0; n + 1 < layer.length; n++) {
        const [upper, lower] = [layer[n], layer[n + 1]];
        if (groupOf(upper) !== groupOf(lower)) continue;
        let saved = 0;
        sides.forEach(([at, near]) => {
          const ends = name => (near.get(name) || []).map(one => places[at].get(one));
          ends(upper).forEach(a => ends(lower).forEach(b => (saved += compare(a, b))));
        });
        if (saved > 0) {
          layer.splice(n, 2, lower, upper);
          places[column].set(upper, n + 1).set(lower, n);
          changed = true;
        }
      }
    });
    return changed;
  };

  const inOrder = (layers, chains, groupOf) => {
    const [before, behind] = neighbours(chains);
    const copy = () => now.map(layer => [...layer]);
    const now = layers.map(layer => [...layer].sort(by(name => [groupOf(name) || Infinity, name])));
    let best = copy();
    let fewest = crossings(now, behind);
    for (let sweep = 0; sweep < SWEEPS && fewest; sweep++) {
      const forward = sweep % 2 === 0;
      const order = range(1, now.length).map(n => (forward ? n : now.length - 1 - n));
      order.forEach(n =>
        sortByMean(now[n], now[n + (forward ? -1 : 1)], forward ? before : behind, groupOf),
      );
      const found = crossings(now, behind);
      if (found < fewest) {
        best = copy();
        fewest = found;
      }
    }
    for (let n = 0; n < (fewest ? SWEEPS : 0); n++)
      if (!swapped(best, before, behind, groupOf)) break;
    return best;
  };

  const size = name => (isWay(name) ? WAY_HEIGHT : HEIGHT);

  const offsetsOf = (layer, groupOf) => {
    const found = [];
    layer.forEach((name, n) => {
      if (!n) return found.push(size(name) / 2);
      let apart = (size(layer[n - 1]) + size(name)) / 2 + GAP_Y;
      if (groupOf(layer[n - 1]) !== groupOf(name)) apart += BAND - GAP_Y / 2;
      return found.push(found[n - 1] + apart);
    });
    return found;
  };

  const move = (layer, offsets, near, middles) => {
    const pools = [];
    layer.forEach((name, n) => {
      const found = (near.get(name) || []).map(one => middles.get(one));
      const wanted = found.length ? sum(found) / found.length : middles.get(name);
      const weight = found.length ? (isWay(name) ? 4 : 1) : 0.2;
      let pool = [(wanted - offsets[n]) * weight, weight, 1];
      while (pools.length && pools.at(-1)[0] / pools.at(-1)[1] > pool[0] / pool[1]) {
        const last = pools.pop();
        pool = pool.map((value, part) => last[part] + value);
      }
      pools.push(pool);
    });
    let n = 0;
    pools.forEach(([total, weight, count]) =>
      range(0, count).forEach(() => {
        middles.set(layer[n], total / weight + offsets[n]);
        n++;
      }),
    );
  };

  const withoutEmptyRows = (middles, groupOf) => {
    const found = new Map();
    let shut = 0;
    let reached = null;
    const top = name => middles.get(name) - size(name) / 2;
    [...middles.keys()].sort(by(name => [top(name), name])).forEach(name => {
      const first = top(name) - (groupOf(name) ? BAND : 0);
      if (reached === null) shut = first;
      else shut += Math.max(0, first - shut - reached - EMPTY);
      found.set(name, top(name) - shut);
      reached = Math.max(reached || 0, found.get(name) + size(name));
    });
    return found;
  };

  const heights = (layers, chains, groupOf) => {
    const [before, behind] = neighbours(chains);
    const both = new Map(
      layers.flat().map(name => [name, [...(before.get(name) || []), ...(behind.get(name) || [])]]),
    );
    const offsets = layers.map(layer => offsetsOf(layer, groupOf));
    const middles = new Map();
    layers.forEach((layer, n) => layer.forEach((name, at) => middles.set(name, offsets[n][at])));
    range(0, PASSES).forEach(pass => {
      const near = pass >= PASSES - 2 ? both : [before, behind][pass % 2];
      const order = range(0, layers.length);
      if (pass % 2) order.reverse();
      order.forEach(column => move(layers[column], offsets[column], near, middles));
    });
    return withoutEmptyRows(middles, groupOf);
  };

  const gridOf = (alone, groupOf, room, top) => {
    const perRow = Math.max(1, Math.floor(Math.floor(room) / (WIDTH + GAP_Y)));
    const places = new Map();
    let y = top;
    let used = 0;
    const groups = [...new Set(alone.map(groupOf))].sort(
      (a, b) => (a || Infinity) - (b || Infinity),
    );
    groups.forEach(group => {
      const part = alone.filter(name => groupOf(name) === group);
      y += group ? BAND : 0;
      part.forEach((name, n) => {
        const [row, column] = [Math.floor(n / perRow), n % perRow];
        places.set(name, { x: column * (WIDTH + GAP_Y), y: y + row * (HEIGHT + GAP_Y) });
      });
      used = Math.max(used, Math.min(part.length, perRow));
      y += Math.ceil(part.length / perRow) * (HEIGHT + GAP_Y);
    });
    return [places, used, y - GAP_Y];
  };

  const pointsOf = (chain, places) => {
    const [first, last] = [places.get(chain[0]), places.get(chain.at(-1))];
    const between = chain.slice(1, -1).flatMap(name => {
      const { x, y } = places.get(name);
      return [
        [x, y + WAY_HEIGHT / 2],
        [x + WIDTH, y + WAY_HEIGHT / 2],
      ];
    });
    return [[first.x + WIDTH, first.y + HEIGHT / 2], ...between, [last.x, last.y + HEIGHT / 2]];
  };

  // `edges` are pairs of a service and what it needs; `groupOf` gives the number of the open group
  // that a name belongs to, from 1, or 0.
  return (names, edges, groupOf) => {
    const known = new Set(names);
    const unique = new Map(
      edges
        .filter(([a, b]) => a !== b && known.has(a) && known.has(b))
        .map(edge => [pairKey(...edge), edge]),
    );
    const wanted = [...unique.values()].sort(by(edge => edge));
    const joined = new Set(wanted.flat());
    const [ranks, firsts] = continued(ranksOf([...joined].sort(words), wanted), groupOf);
    const drawn = wanted.map(([a, b]) => [a, b, ranks.get(a) > ranks.get(b) ? [a, b] : [b, a]]);
    const ways = new Map(drawn.map(([, , way]) => [pairKey(...way), way]));
    const [unordered, chains] = withWays(ranks, [...ways.values()].sort(by(way => way)));
    const layers = inOrder(unordered, chains, groupOf);
    const tops = heights(layers, chains, groupOf);
    const step = WIDTH + GAP_X;
    const places = new Map();
    layers.forEach((layer, column) =>
      layer.forEach(name => places.set(name, { x: column * step, y: tops.get(name) })),
    );
    let width = Math.max(0, layers.length * step - GAP_X);
    let height = most(
      [...places.values()].map(box => box.y + HEIGHT),
      0,
    );
    const alone = names.filter(name => !joined.has(name));
    let aloneTop = 0;
    if (alone.length) {
      aloneTop = height + (joined.size ? 58 : 0);
      const room = Math.max(width, 4 * (WIDTH + GAP_Y));
      const [grid, used, end] = gridOf(alone, groupOf, room, aloneTop);
      grid.forEach((place, name) => places.set(name, place));
      height = end;
      width = Math.max(width, used * (WIDTH + GAP_Y) - GAP_Y, HEADING);
    }
    const routes = drawn.map(([service, needs, way]) => ({
      service,
      needs,
      points: pointsOf(chains.get(pairKey(...way)), places),
      back: way[0] !== service,
    }));
    const columns = firsts.map(first => first * step);
    return { places, routes, columns, aloneTop, width, height };
  };
})();
