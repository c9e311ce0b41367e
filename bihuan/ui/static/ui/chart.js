/* Draws the declared charts of a page with ECharts: colours from the CSS tokens, canvas and rich text because the content
   policy forbids style attributes, redrawn when the theme or its box changes. */
(function () {
  "use strict";
  if (window.bihuanCharts) return;
  window.bihuanCharts = new Map();
  const TOKENS = ["ink", "ink-2", "ink-3", "line", "line-strong", "accent", "bar", "band", "bad", "surface", "sunken"];
  const PANEL = 76, GAP = 44, TOP = 32, NARROW = 420;

  function look() {
    const style = getComputedStyle(document.documentElement);
    const c = Object.fromEntries(TOKENS.map((name) => [name, style.getPropertyValue("--bh-" + name).trim()]));
    const text = { color: c["ink-3"], fontSize: 12, fontFamily: getComputedStyle(document.body).fontFamily };
    const axis = { axisLine: { lineStyle: { color: c.line } }, axisTick: { show: false }, axisLabel: { ...text, hideOverlap: true }, splitLine: { lineStyle: { color: c.line } } };
    return { c, text, axis };
  }

  const fixed = (value, decimals) => (value === null || value === undefined ? "—" : value.toLocaleString("en-US", { minimumFractionDigits: decimals, maximumFractionDigits: decimals }).replace("-", "−"));
  const missed = (panel, value) => panel.target !== null && value !== null && (panel.better === "up" ? value < panel.target : value > panel.target);
  const goal = (panel, c) => (panel.target === null ? undefined : { silent: true, symbol: "none", lineStyle: { color: c["line-strong"], type: [4, 4] }, label: { show: false }, data: [{ yAxis: panel.target }] });

  function band(panel, i, c) {
    if (!panel.low.length) return [];
    const base = { type: "line", xAxisIndex: i, yAxisIndex: i, stack: "band" + i, stackStrategy: "all", symbol: "none", silent: true, lineStyle: { opacity: 0 }, tooltip: { show: false } };
    const width = panel.low.map((low, n) => (low === null ? null : panel.high[n] - low));
    return [{ ...base, data: panel.low }, { ...base, areaStyle: { color: c.band, opacity: 1 }, data: width }];
  }

  function line(panel, i, { c }) {
    const point = (value) => missed(panel, value)
      ? { value, symbol: "diamond", symbolSize: 9, itemStyle: { color: c.bad } }
      : { value, symbol: "circle", symbolSize: 4 };
    return [...band(panel, i, c), { type: "line", name: panel.name, xAxisIndex: i, yAxisIndex: i, data: panel.values.map(point), itemStyle: { color: c.accent }, lineStyle: { color: c.accent, width: 2 }, markLine: goal(panel, c),
      endLabel: { show: true, color: c.ink, fontSize: 12, fontWeight: 600, formatter: (p) => fixed(p.value, panel.decimals) + (panel.unit === "%" ? " %" : "") } }];
  }

  function bars(panel, i, { c }) {
    const peak = Math.max(...panel.values.filter((value) => value !== null));
    const label = { show: true, position: "top", color: c.ink, fontSize: 12, formatter: (p) => (p.value === peak ? fixed(peak, panel.decimals) : "") };
    return [{ type: "bar", name: panel.name, xAxisIndex: i, yAxisIndex: i, data: panel.values, barWidth: "62%", barMaxWidth: 40, itemStyle: { color: c.bar, borderRadius: [2, 2, 0, 0] }, label, markLine: goal(panel, c) }];
  }

  function limits(panel) {
    if (panel.kind === "bar") return { min: 0 };
    return { scale: true, min: panel.floor ?? undefined, max: panel.ceiling ?? undefined };
  }

  function series(data, seen, width, height) {
    const { c, text, axis } = seen;
    const n = data.panels.length, room = Math.max((height - 24 - TOP - (n - 1) * GAP) / n, PANEL / 2);
    const top = (i) => TOP + i * (room + GAP);
    const every = Math.max(Math.ceil(data.steps.length / (width < NARROW ? 4 : 9)) - 1, 0);
    const tips = data.panels.map((panel) => panel.decimals);
    return {
      grid: data.panels.map((panel, i) => ({ left: 48, right: panel.kind === "line" ? 64 : 16, top: top(i), height: room })),
      title: data.panels.map((panel, i) => ({ text: panel.title, left: 8, top: top(i) - 28, textStyle: { ...text, fontWeight: 400 } })),
      xAxis: data.panels.map((panel, i) => ({ ...axis, type: "category", boundaryGap: data.panels.some((p) => p.kind === "bar"), data: data.steps, gridIndex: i, axisLabel: { ...text, show: i === n - 1, interval: every } })),
      yAxis: data.panels.map((panel, i) => ({ ...axis, ...limits(panel), gridIndex: i, splitNumber: 3, axisLine: { show: false } })),
      axisPointer: { link: [{ xAxisIndex: "all" }] },
      tooltip: { trigger: "axis", renderMode: "richText", valueFormatter: (value) => fixed(value, Math.max(...tips)) },
      series: data.panels.flatMap((panel, i) => (panel.kind === "bar" ? bars : line)(panel, i, seen)),
    };
  }

  function histogram(data, { c, text, axis }) {
    const words = new Map(data.marks.map((mark) => [mark.place, mark.text]));
    return {
      grid: { left: 48, right: 16, top: 36, bottom: 28 },
      title: { text: data.title, left: 8, top: 4, textStyle: { ...text, fontWeight: 400 } },
      xAxis: { ...axis, type: "category", data: data.steps },
      yAxis: { ...axis, min: 0, splitNumber: 3, axisLine: { show: false } },
      tooltip: { trigger: "axis", renderMode: "richText" },
      series: [{ type: "bar", data: data.counts, barCategoryGap: "4%", itemStyle: { color: c.bar }, label: { show: true, position: "top", color: c.ink, fontSize: 12, formatter: (p) => words.get(p.dataIndex) || "" } }],
    };
  }

  function slope(data, { c, text }) {
    const most = Math.max(...data.moves.flatMap((move) => [move.before, move.after]));
    const side = (move, end) => (end ? `${move.after}  ${move.label} ${move.after_value}` : `${move.label} ${move.before_value}  ${move.before}`);
    const run = (move) => ({ type: "line", silent: true, symbol: "circle", symbolSize: 6, z: move.lit ? 3 : 2, lineStyle: { color: move.lit ? c.accent : c["line-strong"], width: move.lit ? 2.5 : 1 }, itemStyle: { color: move.lit ? c.accent : c["line-strong"] },
      data: [move.before, move.after].map((rank, end) => ({ value: [end, rank], label: { show: true, position: end ? "right" : "left", distance: 8, color: move.lit ? c.ink : c["ink-2"], fontWeight: move.lit ? 600 : 400, fontSize: 12, formatter: side(move, end) } })) });
    const cut = data.cut === null ? [] : [{ type: "line", silent: true, symbol: "none", lineStyle: { color: c["line-strong"], width: 1, type: [4, 4] }, data: [[-0.4, data.cut + 0.5], [1.4, data.cut + 0.5]] }];
    return {
      grid: { left: 0, right: 0, top: 28, bottom: 8 },
      xAxis: { type: "value", min: -1, max: 2, show: false },
      yAxis: { type: "value", inverse: true, min: 0.5, max: most + 0.5, show: false },
      title: [0, 1].map((end) => ({ text: end ? data.after : data.before, left: end ? "66%" : "33%", textAlign: "center", top: 2, textStyle: { ...text, fontWeight: 400 } })),
      series: [...cut, ...data.moves.map(run)],
    };
  }

  function heat(data, { c, text, axis }, width) {
    const points = data.cells.flatMap((row, y) => row.map((value, x) => [x, y, value])).filter((point) => point[2] !== null);
    const every = Math.max(Math.ceil(data.steps.length / (width < NARROW ? 4 : 12)) - 1, 0);
    return {
      grid: { left: 48, right: 16, top: 8, bottom: 60 },
      xAxis: { ...axis, type: "category", data: data.steps, axisLabel: { ...text, interval: every }, splitLine: { show: false } },
      yAxis: { ...axis, type: "category", inverse: true, data: data.rows, axisLine: { show: false }, splitLine: { show: false } },
      visualMap: { type: "continuous", min: 0, max: data.most || 1, calculable: false, orient: "horizontal", left: "right", bottom: 0, itemWidth: 8, itemHeight: 120, precision: data.decimals, text: [fixed(data.most, data.decimals), "0"], textStyle: text, inRange: { color: [c.sunken, c.bar, c.accent] } },
      tooltip: { renderMode: "richText", formatter: (p) => `${data.rows[p.value[1]]} ${data.steps[p.value[0]]}: ${fixed(p.value[2], data.decimals)} ${data.unit}` },
      series: [{ type: "heatmap", data: points, itemStyle: { borderColor: c.surface, borderWidth: 1 }, emphasis: { itemStyle: { borderColor: c.ink, borderWidth: 1 } } }],
    };
  }

  /* An interval is a bar that begins at its low end: a column nobody sees carries it. The cut lies between two names, where
     an axis of names has no place: an axis of numbers over the same width has. */
  function ladder(data, { c, text, axis }, width) {
    const of = (name) => data.points.map((point) => point[name]);
    const ends = [...of("low"), ...of("high"), ...of("value")].filter((value) => value !== null);
    const least = Math.min(...ends), most = Math.max(...ends);
    const step = [1, 2, 5, 10, 20, 50].find((size) => (most - least) / size <= 5) || 100; // ends and steps are round numbers
    const low = Math.floor(least / step) * step, high = Math.max(Math.ceil(most / step) * step, low + step);
    const stacked = { type: "bar", stack: "interval", stackStrategy: "all", barWidth: "30%", barMaxWidth: 6, silent: true };
    const span = data.points.map((point) => (point.low === null ? null : point.high - point.low));
    const told = (point) => `${fixed(point.value, data.decimals)}${point.low === null ? "" : ` (${fixed(point.low, data.decimals)}–${fixed(point.high, data.decimals)})`}`;
    const cut = data.cut === null ? [] : [{ type: "line", xAxisIndex: 1, silent: true, data: [], markLine: { silent: true, symbol: "none", data: [{ xAxis: data.cut }], lineStyle: { color: c["line-strong"], type: [4, 4] }, label: { color: c["ink-2"], fontSize: 12, formatter: data.cut_text, position: "end" } } }];
    return {
      grid: { left: 48, right: 16, top: 40, bottom: 28 },
      title: { text: data.title, left: 8, top: 4, textStyle: { ...text, fontWeight: 400 } },
      xAxis: [{ ...axis, type: "category", data: data.steps, axisLabel: { ...text, interval: Math.max(Math.ceil(data.steps.length / (width / 64)) - 1, 0) } }, { type: "value", min: 0, max: data.steps.length, show: false }],
      yAxis: { ...axis, min: low, max: high, interval: step, axisLine: { show: false } },
      tooltip: { trigger: "axis", renderMode: "richText", formatter: (seen) => `${data.steps[seen[0].dataIndex]}  ${told(data.points[seen[0].dataIndex])}` },
      series: [{ ...stacked, data: of("low"), itemStyle: { color: "transparent" } }, { ...stacked, data: span, itemStyle: { color: c.bar, borderRadius: 3 } },
        { type: "scatter", z: 3, symbolSize: width < NARROW ? 5 : 7, data: data.points.map((point) => ({ value: point.value, itemStyle: { color: point.unsure ? c.surface : c.accent, borderColor: c.accent, borderWidth: 1.5 } })) }, ...cut],
    };
  }

  const kinds = { series, histogram, slope, heat, ladder };

  function draw(card) {
    const name = card.dataset.chart;
    const box = card.querySelector(".chart-box");
    const data = JSON.parse(document.getElementById("data-" + name).textContent);
    const old = window.bihuanCharts.get(name);
    const chart = old && old.getDom() === box ? old : echarts.init(box, null, { renderer: "canvas" });
    window.bihuanCharts.set(name, chart);
    const seen = look();
    chart.resize();
    chart.setOption({ animation: false, textStyle: seen.text, ...kinds[data.kind](data, seen, box.clientWidth, box.clientHeight) }, true);
    sizes.observe(box);
    card.dataset.drawn = "yes";
  }

  function save(name, text) {
    const link = document.createElement("a");
    link.href = text;
    link.download = name;
    link.click();
  }

  const quoted = (text) => (/^[=+\-@\t\r]/.test(text) && !/^[+-]?[\d.,]+$/.test(text) ? `"'${text.replaceAll('"', '""')}"` : `"${text.replaceAll('"', '""')}"`);

  function download(card, kind) {
    const name = card.dataset.chart;
    if (kind === "png") {
      save(name + ".png", window.bihuanCharts.get(name).getDataURL({ type: "png", pixelRatio: 2, backgroundColor: look().c.surface }));
      return;
    }
    const table = JSON.parse(document.getElementById("data-" + name).textContent).table;
    const plain = (text) => String(text).replaceAll("−", "-").replace(/^([\d,]+)(\.\d+)?$/, (all) => all.replaceAll(",", ""));
    const lines = [table.head, ...table.rows].map((row) => row.map((text) => quoted(plain(text))).join(","));
    const address = URL.createObjectURL(new Blob(["\ufeff" + lines.join("\r\n")], { type: "text/csv" }));
    save(name + ".csv", address);
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  }

  const drawAll = () => document.querySelectorAll("[data-chart]").forEach(draw);
  let waiting = 0;
  const outgrown = (box) => {
    const chart = echarts.getInstanceByDom(box);
    return chart && (chart.getWidth() !== box.clientWidth || chart.getHeight() !== box.clientHeight);
  };
  const sizes = new ResizeObserver((seen) => { // a box grows with the window, and with a list opened beside it
    if (!seen.some((one) => outgrown(one.target))) return;
    cancelAnimationFrame(waiting);
    waiting = requestAnimationFrame(drawAll);
  });
  document.addEventListener("bihuan:theme", drawAll);
  document.addEventListener("htmx:afterSettle", drawAll);
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-saves]");
    if (button) download(button.closest("[data-chart]"), button.dataset.saves);
  });
  drawAll();
})();
