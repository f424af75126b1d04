"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const form = document.querySelector(".filters");
  const findings = all(".finding");
  const section = document.querySelector("#findings");
  const read = (element, name) => JSON.parse(element.dataset[name] || "[]");
  const known = new Set([
    ...(section ? read(section, "scenarios") : []),
    ...all(".root").flatMap((root) => read(root, "scenarios")),
  ]);
  known.delete("default");
  const searched = new Map();

  // A name stands for a scenario, or for one with a choice: "prod", "prod, UseReplica=true".
  const isOf = (name, scenario) => name === scenario || name.startsWith(scenario + ", ");
  const isElsewhere = (names, scenario) =>
    names.length > 0 && names.every((name) => [...known].some((other) => other !== scenario && isOf(name, other)));

  const fill = (name, values) => {
    const select = form.elements[name];
    select.append(new Option("all", ""), ...[...new Set(values)].sort().map((value) => new Option(value, value)));
    select.closest("label").hidden = select.options.length < 3;
  };

  const fits = (finding, wanted) => {
    if (!wanted.severities.has(finding.dataset.severity)) return false;
    if (wanted.service && finding.dataset.service !== wanted.service) return false;
    if (wanted.rule && finding.dataset.rule !== wanted.rule) return false;
    if (wanted.scenario && isElsewhere(read(finding, "in"), wanted.scenario)) return false;
    if (!wanted.words.length) return true;
    if (!searched.has(finding)) searched.set(finding, finding.textContent.toLowerCase());
    return wanted.words.every((word) => searched.get(finding).includes(word));
  };

  const apply = () => {
    const { text, scenario, service, rule } = form.elements;
    const wanted = {
      severities: new Set(all("[name=severity]:checked", form).map((box) => box.value)),
      scenario: scenario.value,
      service: service.value,
      rule: rule.value,
      words: text.value.toLowerCase().split(/\s+/).filter(Boolean),
    };
    let shown = 0;
    for (const finding of findings) {
      finding.hidden = !fits(finding, wanted);
      shown += finding.hidden ? 0 : 1;
    }
    section.querySelector(".none").hidden = shown > 0 || findings.length === 0;
    form.querySelector("output").value = `${shown} of ${findings.length} findings`;
    for (const part of all("#databases [data-in]")) {
      const absent = Boolean(wanted.scenario) && isElsewhere(read(part, "in"), wanted.scenario);
      if (part.classList.contains("box")) part.classList.toggle("absent", absent);
      else part.hidden = absent;
    }
    draw();
  };

  const svg = (name, attributes) => {
    const made = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    return made;
  };

  // The lines between boxes, from the right side of one to the left side of the other.
  const drawGroup = (group, number) => {
    group.querySelector("svg")?.remove();
    const frame = group.getBoundingClientRect();
    const picture = svg("svg", { "aria-hidden": "true", viewBox: `0 0 ${frame.width} ${frame.height}` });
    const marker = svg("marker", { id: `arrow${number}`, viewBox: "0 0 8 8", refX: 7, refY: 4, markerWidth: 8,
      markerHeight: 8, orient: "auto" });
    marker.append(svg("path", { d: "M0 0L8 4L0 8z" }));
    picture.append(marker);
    for (const [from, to] of read(group, "ties")) {
      const start = document.getElementById(from)?.getBoundingClientRect();
      const end = document.getElementById(to)?.getBoundingClientRect();
      if (!start || !end || !start.width || !end.width) continue;
      const x1 = start.right - frame.left, y1 = start.top + start.height / 2 - frame.top;
      const x2 = end.left - frame.left, y2 = end.top + end.height / 2 - frame.top;
      const bend = Math.max(30, (x2 - x1) / 2);
      const d = `M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`;
      picture.append(svg("path", { d, "marker-end": `url(#arrow${number})` }));
    }
    group.append(picture);
  };
  const draw = () => all(".group").forEach(drawGroup);

  if (form && section) {
    form.hidden = false;
    fill("scenario", known);
    fill("service", findings.map((finding) => finding.dataset.service));
    fill("rule", findings.map((finding) => finding.dataset.rule));
    form.addEventListener("input", apply);
    form.addEventListener("reset", () => setTimeout(apply));
    form.addEventListener("submit", (event) => event.preventDefault());
    for (const chip of all("[data-address]")) {
      chip.addEventListener("click", () => {
        form.elements.text.value = chip.dataset.address;
        apply();
      });
    }
    document.addEventListener("keydown", (event) => {
      if (event.key !== "/" || event.ctrlKey || event.metaKey || /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName)) return;
      event.preventDefault();
      form.elements.text.focus();
    });
    apply();
  }
  for (const root of all(".root")) root.addEventListener("toggle", draw);
  new ResizeObserver(draw).observe(document.body);
})();
