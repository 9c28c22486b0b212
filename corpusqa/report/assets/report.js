/* the report: the list of documents, and any of them that is opened */
const data = await payload('listing');
const rows = data.rows.map(([key, label, title, site, verdict, rules, strip, words, repeat, boilerplate, residue], rank) => ({
  key, label: label || key, title: title || label || key, site: site < 0 ? null : data.sites[site], verdict,
  rules: rules.map((rule) => data.rules[rule]), strip, words, repeat, boilerplate, residue, rank,
}));
const byKey = new Map(rows.map((row) => [row.key, row]));
let inFull = null;
const article = async (key) => {
  inFull = inFull || new Map((await payload('articles')).map((own) => [own.document.key, own]));
  return inFull.get(key);
};

/* small pieces that the list and the article share */
const sign = (name) => {
  const svg = drawn('svg', { class: 'sign', 'aria-hidden': 'true' });
  svg.append(drawn('use', { href: `#s-${name}` }));
  return svg;
};
const SIGNS = { reject: 'fail', flag: 'warn', accept: 'pass' };
const badge = (verdict) => make('span', { class: `badge ${verdict}` }, sign(SIGNS[verdict]), data.verdicts[verdict]);
const statusBadge = (status) => make('span', { class: `badge ${status.toLowerCase()}` }, sign(status.toLowerCase()), data.statuses[status]);
const address = (key) => `#doc=${encodeURIComponent(key)}`;
const escapes = (text) => text.split(/(⟨U\+[0-9A-F]{4,6}⟩)/).filter(Boolean)
  .map((part) => (/^⟨U\+[0-9A-F]{4,6}⟩$/.test(part) ? make('span', { class: 'esc' }, part) : part));
const link = (own) => make('a', { href: address(own.key), class: 'theirs', dir: 'auto' }, ...escapes(own.title));
const chips = (rules) => make('div', { class: 'chips' }, ...rules.map((rule) => make('span', { class: 'chip' }, rule)));
const barcode = (strip, width, height) => {
  const cells = [...strip.matchAll(/([a-z])(\d+)/g)].map(([, mark, words]) => [mark, Number(words)]);
  const total = cells.reduce((sum, [, words]) => sum + words, 0) || 1;
  const said = Object.entries(data.marks).map(([mark, name]) => [cells.filter(([own]) => own === mark).length, name]);
  const label = `${count(cells.length, 'cell')}: ${said.filter(([n]) => n).map(([n, name]) => `${n} ${name}`).join(', ') || 'no text'}`;
  const svg = drawn('svg', { class: 'barcode', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label, preserveAspectRatio: 'none' });
  let at = 0;
  const rect = (name, x, y, wide, high) => {
    const place = Object.entries({ x, y }).filter(([, value]) => value);
    const sizes = Object.entries({ width: wide, height: high });
    svg.append(drawn('rect', { class: name, ...Object.fromEntries([...place, ...sizes].map(([key, value]) => [key, Number(value.toFixed(1))])) }));
  };
  for (const [mark, words] of cells) {
    const wide = (words / total) * width;
    const seen = Math.max(wide - 0.6, 0.7);
    rect(`k-${mark}`, at, 0, seen, height);
    if (mark === 'r' || mark === 'b') rect(`e-${mark}`, at, mark === 'r' ? 0 : height - 3, seen, 3);
    at += wide;
  }
  return svg;
};

/* the catalogue of boilerplate: filter the rows that are there, the first ones until more are asked for */
const FIRST = 15;
if (one('b-table')) {
  const passages = [...one('b-table').tBodies[0].rows];
  let all = passages.length <= FIRST;
  const filter = () => {
    const kind = one('b-kind').value;
    const text = one('b-text').value.toLowerCase();
    const found = passages.filter((row) => (!kind || row.dataset.kind === kind) && row.textContent.toLowerCase().includes(text));
    const shown = new Set(all ? found : found.slice(0, FIRST));
    for (const row of passages) row.hidden = !shown.has(row);
    one('b-count').textContent = `${count(shown.size)} of ${count(found.length)} shown`;
    one('b-all').hidden = shown.size === found.length;
  };
  one('b-kind').onchange = filter;
  one('b-text').oninput = filter;
  one('b-all').onclick = () => { all = true; filter(); one('b-text').focus(); };
  filter();
}

/* the list of documents: filter, sort, page */
const PAGE = 25;
const filters = { text: one('d-text'), rule: one('d-rule'), site: one('d-site'), verdict: one('d-verdict') };
const NO_SITE = '\u0000';
let view = rows;
let page = 0;
let sorted = { by: 'rank', down: false };
const draw = () => {
  const shown = view.slice(page * PAGE, (page + 1) * PAGE).map((row) => make('tr', {},
    make('td', {}, badge(row.verdict)),
    make('td', { class: 'says' }, link(row), make('div', { class: 'soft small' },
      make('bdi', {}, row.site || 'no site'), ...(row.title === row.label ? [] : [' · ', make('bdi', { class: 'mono' }, row.label)]))),
    make('td', { class: 'strip' }, barcode(row.strip, 160, 14)),
    make('td', { class: 'wider' }, chips(row.rules)),
    ...Object.entries({ Repeats: row.repeat, Boilerplate: row.boilerplate, Residue: row.residue })
      .map(([name, value]) => make('td', { class: 'num', 'data-name': name }, share(value))),
    make('td', { class: 'num', 'data-name': 'Words' }, count(row.words))));
  if (!shown.length) shown.push(make('tr', {}, make('td', { colspan: 8 }, 'No listed document matches. Clear a filter to see more.')));
  one('d-table').tBodies[0].replaceChildren(...shown);
  const last = Math.min((page + 1) * PAGE, view.length);
  one('d-count').textContent = view.length ? `${count(page * PAGE + 1)}–${count(last)} of ${count(view.length)} listed` : '0 listed';
  one('d-back').disabled = page === 0;
  one('d-on').disabled = last === view.length;
};
const apply = () => {
  const { text, rule, site, verdict } = Object.fromEntries(Object.entries(filters).map(([name, input]) => [name, input.value]));
  const sought = text.toLowerCase();
  view = rows.filter((row) => (!rule || row.rules.includes(rule)) && (!verdict || row.verdict === verdict)
    && (!site || row.site === (site === NO_SITE ? null : site))
    && (!sought || row.title.toLowerCase().includes(sought) || row.label.toLowerCase().includes(sought)));
  const { by, down } = sorted;
  const order = (a, b) => (by === 'title' ? a.title.localeCompare(b.title) : (a[by] ?? -1) - (b[by] ?? -1));
  view.sort((a, b) => (down ? -order(a, b) : order(a, b)) || a.rank - b.rank);
  page = 0;
  draw();
};
const clear = () => { for (const input of Object.values(filters)) input.value = ''; };
if (one('d-table')) {
  filters.rule.append(...data.rules.map((rule) => make('option', { value: rule }, rule)));
  filters.site.append(...data.sites.map((site) => make('option', { value: site }, site)));
  if (rows.some((row) => row.site === null)) filters.site.append(make('option', { value: NO_SITE }, 'no site'));
  for (const input of Object.values(filters)) input.addEventListener('input', apply);
  one('d-clear').onclick = () => { clear(); apply(); };
  one('d-back').onclick = () => { page -= 1; draw(); };
  one('d-on').onclick = () => { page += 1; draw(); };
  one('d-table').tHead.addEventListener('click', (event) => {
    const button = event.target.closest('button');
    if (!button) return;
    const by = button.dataset.sort;
    sorted = { by, down: sorted.by === by ? !sorted.down : by !== 'rank' && by !== 'title' };
    for (const other of one('d-table').tHead.querySelectorAll('th')) other.removeAttribute('aria-sort');
    button.parentNode.setAttribute('aria-sort', sorted.down ? 'descending' : 'ascending');
    apply();
  });
  apply();
}

/* one document: filled in as templates/article_parts.html fills a page of its own */
const group = (id) => make('code', {}, one(id) ? make('a', { href: `#${id}` }, id) : id);
const paragraph = (own) => {
  const text = make('div', { class: 'tx', dir: 'auto' });
  if (own.why) {
    const more = [...(own.rule ? [make('code', {}, ...escapes(own.rule))] : []), ...(own.group ? [group(own.group)] : [])];
    text.append(make('span', { class: 'why', dir: 'ltr' }, ...escapes(own.why), ...more));
  }
  for (const piece of own.pieces) {
    const inside = escapes(piece.text);
    if (piece.kind === 'body') text.append(...inside);
    else text.append(make('mark', { class: piece.kind === 'residue' ? 'x' : 'b', title: data.kinds[piece.kind] || piece.kind }, ...inside));
  }
  if (own.left_out) text.append(make('span', { class: 'why soft', dir: 'ltr' }, `${count(own.left_out, 'more character')} not shown`));
  const item = make('li', { id: `p${own.number}`, class: own.mark + (own.kept_copy ? ' source' : ''), tabindex: '-1' });
  item.append(make('div', { class: 'no' }, `¶${own.number}`), text);
  return item;
};
const remark = (text) => make('li', { class: 'u' }, make('div', { class: 'no' }), make('div', { class: 'soft' }, text));
const breakable = (name) => name.split(/(?<=_)/).flatMap((part) => [part, make('wbr')]).slice(0, -1);
const swatch = (mark) => make('i', { class: `swatch k-${mark}` });
const fate = (own) => {
  const parts = [];
  if (own.duplicate_of) {
    parts.push('Would be dropped: a copy of ', make('span', { class: 'theirs', dir: 'auto' }, make('a', { href: address(own.duplicate_of.key) }, ...escapes(own.duplicate_of.title))));
    if (own.similarity !== null) parts.push(`, similarity ${own.similarity.toFixed(3)}`);
  } else if (own.verdict === 'reject') {
    parts.push('Would be dropped: it breaks ', own.rules.join(', '));
  }
  if (own.cluster) parts.push(parts.length ? '. ' : 'Kept. ', 'Cluster ', make('span', { class: 'mono' }, make('a', { href: `#${own.cluster}` }, own.cluster)), '.');
  one('a-fate').replaceChildren(...parts);
  one('a-fate').hidden = !parts.length;
  one('a-fate').className = own.verdict === 'reject' && !own.duplicate_of ? 'notice reject' : 'notice';
};
const check = (own) => make('li', {}, make('span', {}, make('b', {}, ...escapes(own.sentence)),
  make('span', { class: 'soft' }, make('code', {}, ...breakable(own.column)), ' ', make('span', { class: 'whole' }, `${own.value}, ${own.limit}`))), statusBadge(own.status));
const fill = (own) => {
  fate(own);
  galley.replaceChildren(...own.paragraphs.map(paragraph));
  if (own.left_out) galley.append(remark(`${count(own.left_out, 'more paragraph')} not in this page`));
  if (!own.paragraphs.length) galley.append(remark('This document has no text.'));
  one('a-shares').replaceChildren(...own.shares.map((part) => make('li', {}, swatch(part.mark),
    make('span', {}, `${part.name}, ${count(part.paragraphs, 'paragraph')}`), make('b', {}, share(part.share)))));
  one('a-checks').replaceChildren(...own.checks.filter((one) => one.status !== 'PASS').map(check));
  one('a-met').hidden = !own.met;
  one('a-met').firstElementChild.textContent = `${count(own.met, 'rule')} met`;
  one('a-met').lastElementChild.replaceChildren(...own.checks.filter((one) => one.status === 'PASS').map(check));
  one('a-findings').replaceChildren(...own.findings.map((finding) => make('li', {}, swatch(finding.mark),
    make('span', {}, finding.text), make('a', {
      href: `#p${finding.number}`, 'data-go': finding.number, 'aria-label': `Go to paragraph ${finding.number}: ${finding.text}`,
    }, `¶${finding.number}`))));
  one('a-findings').closest('section').hidden = !own.findings.length;
  one('a-checks').closest('section').hidden = !own.checks.length;
  const origin = { Id: own.document.label, File: own.source, Row: count(own.row), URL: own.url, Date: own.date };
  one('a-origin').replaceChildren(...Object.entries(origin).filter(([, value]) => value)
    .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, make('bdi', {}, ...escapes(value)))]));
  findMarks();
};
const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
const open = async (key) => {
  const own = await article(key);
  const row = byKey.get(key);
  const named = own ? own.document : row || { title: key, label: key, site: null, strip: '' };
  one('a-title').replaceChildren(...escapes(named.title));
  const facts = own || row;
  one('a-facts').replaceChildren(...(facts ? [badge(facts.verdict)] : []),
    make('bdi', {}, named.site ? make('a', { href: `#site=${encodeURIComponent(named.site)}` }, named.site) : 'no site'), make('bdi', { class: 'mono' }, named.label), ...(facts ? [chips(facts.rules)] : []));
  const strip = facts ? barcode(named.strip, 1000, 22) : '';
  one('a-strip').replaceChildren(strip);
  one('a-missing').hidden = Boolean(own);
  one('a-body').hidden = !own;
  if (own) fill(own);
  else one('a-fate').hidden = true;
  one('a-page').hidden = Boolean(own) || !row || row.rank >= data.pages;
  if (!one('a-page').hidden) {
    one('a-page-link').textContent = named.title;
    one('a-page-link').href = `pages/${String(row.rank + 1).padStart(5, '0')}.html`;
  }
  one('a-command').textContent = `corpusqa show ${quoted(data.folder)} ${quoted(named.label)}`;
};

/* the address says what is shown: #doc=KEY, #rule=ID, #site=NAME, or a section */
let back = 0;
let lastOpen = null;
const title = document.title;
const showReport = (on) => { one('report').hidden = !on; one('article').hidden = on; };
const filtered = (name, value) => {
  showReport(true);
  document.title = title;
  if (!one('d-table')) return;
  clear();
  filters[name].value = value;
  apply();
  one('documents').scrollIntoView();
};
const route = async () => {
  const [, name, value] = /^#(doc|rule|site)=(.*)$/s.exec(location.hash) || [];
  if (name === 'doc') {
    if (one('article').hidden) back = scrollY;
    lastOpen = decodeURIComponent(value);
    await open(lastOpen);
    showReport(false);
    document.title = `${one('a-title').textContent} · corpusqa`;
    scrollTo({ top: 0, behavior: 'instant' });
    one('a-title').focus({ preventScroll: true });
    return;
  }
  if (name) { filtered(name, decodeURIComponent(value)); return; }
  const returning = one('report').hidden;
  showReport(true);
  document.title = title;
  const target = location.hash.length > 1 && one(location.hash.slice(1));
  if (returning && location.hash === '#documents' && lastOpen !== null) {
    scrollTo({ top: back, behavior: 'instant' });
    document.querySelector(`#report a[href="${address(lastOpen)}"]`)?.focus({ preventScroll: true });
  } else if (target) target.scrollIntoView();
};
addEventListener('hashchange', route);
keys['/'] = () => {
  if (!one('article').hidden) location.hash = 'documents';
  showReport(true);
  one('d-text').focus();
};
await route();
root.dataset.ready = 'yes';
