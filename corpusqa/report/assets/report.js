'use strict';
/* The page without this script is a report; with it, one can also look for documents and read them. Whatever comes
   from the corpus reaches the page through textContent. */
(async () => {
  const one = (id) => document.getElementById(id);
  const make = (tag, attributes, ...children) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (value !== null && value !== false) element.setAttribute(name, value);
    }
    element.append(...children);
    return element;
  };
  const drawn = (tag, attributes) => {
    const element = document.createElementNS('http://www.w3.org/2000/svg', tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    return element;
  };
  const count = (n, noun) => n.toLocaleString('en') + (noun ? ` ${noun}${n === 1 ? '' : 's'}` : '');
  const share = (value) => {
    if (value === null) return '–';
    if (value === 0 || value === 1) return `${value * 100}%`;
    const text = (value * 100).toFixed(1);
    return text === '0.0' ? '<0.1%' : text === '100.0' ? '>99.9%' : `${text}%`;
  };

  /* the theme: the system's until the button says otherwise */
  const root = document.documentElement;
  const themeButton = one('theme');
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem('corpusqa-theme');
      localStorage.setItem('corpusqa-theme', value);
    } catch { /* a browser that keeps nothing for files still shows the theme */ }
    return null;
  };
  const dark = () => (root.dataset.theme || (matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light')) === 'dark';
  const nameTheme = () => { themeButton.textContent = dark() ? 'Light theme' : 'Dark theme'; };
  const kept = stored();
  if (kept === 'dark' || kept === 'light') root.dataset.theme = kept;
  themeButton.onclick = () => {
    root.dataset.theme = dark() ? 'light' : 'dark';
    stored(root.dataset.theme);
    nameTheme();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', nameTheme);
  nameTheme();
  themeButton.hidden = false;
  for (const tools of document.querySelectorAll('[data-tools]')) tools.hidden = false;

  /* what travels with the page: plain JSON, or compressed */
  const payload = async (id) => {
    const element = one(id);
    const text = element.textContent;
    const packed = element.type === 'application/gzip';
    element.remove();
    if (!packed) return JSON.parse(text);
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    return new Response(new Blob([bytes]).stream().pipeThrough(new DecompressionStream('gzip'))).json();
  };
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
  const link = (own) => make('a', { href: address(own.key), class: 'theirs', dir: 'auto' }, own.title);
  const chips = (rules) => make('div', { class: 'chips' }, ...rules.map((rule) => make('span', { class: 'chip' }, rule)));
  const barcode = (strip, width, height) => {
    const cells = [...strip.matchAll(/([a-z])(\d+)/g)].map(([, mark, words]) => [mark, Number(words)]);
    const total = cells.reduce((sum, [, words]) => sum + words, 0) || 1;
    const said = Object.entries(data.marks).map(([mark, name]) => [cells.filter(([own]) => own === mark).length, name]);
    const label = `${count(cells.length, 'cell')}: ${said.filter(([n]) => n).map(([n, name]) => `${n} ${name}`).join(', ') || 'no text'}`;
    const svg = drawn('svg', { class: 'barcode', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img', 'aria-label': label });
    let at = 0;
    for (const [mark, words] of cells) {
      const wide = (words / total) * width;
      const place = { x: at.toFixed(1), width: Math.max(wide - 0.6, 0.7).toFixed(1) };
      svg.append(drawn('rect', { class: `k-${mark}`, ...place, height }));
      if (mark === 'r' || mark === 'b') svg.append(drawn('rect', { class: `e-${mark}`, ...place, y: mark === 'r' ? 0 : height - 3, height: 3 }));
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
      make('td', {}, chips(row.rules)),
      ...[row.repeat, row.boilerplate, row.residue].map((value) => make('td', { class: 'num' }, share(value))),
      make('td', { class: 'num' }, count(row.words))));
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

  /* one document */
  const galley = one('a-text');
  let marks = [];
  let at = -1;
  const escapes = (text) => text.split(/(⟨U\+[0-9A-F]{4,6}⟩)/).filter(Boolean)
    .map((part) => (/^⟨U\+[0-9A-F]{4,6}⟩$/.test(part) ? make('span', { class: 'esc' }, part) : part));
  const paragraph = (own) => {
    const text = make('div', { class: 'tx', dir: 'auto' });
    const why = own.why || (own.kept_copy ? 'Kept copy' : null);
    if (why) text.append(make('span', { class: 'why', dir: 'ltr' }, why, ...(own.why && own.rule ? [make('code', {}, own.rule)] : [])));
    for (const piece of own.pieces) {
      text.append(...(piece.kind === 'body' ? escapes(piece.text) : [make('mark', { title: piece.kind }, ...escapes(piece.text))]));
    }
    if (own.left_out) text.append(make('span', { class: 'why soft', dir: 'ltr' }, `${count(own.left_out, 'more character')} not shown`));
    const item = make('li', { id: `p${own.number}`, class: own.mark + (own.kept_copy ? ' source' : ''), tabindex: '-1' });
    item.append(make('div', { class: 'no' }, `¶${own.number}`), text);
    return item;
  };
  const breakable = (name) => name.split(/(?<=_)/).flatMap((part) => [part, make('wbr')]).slice(0, -1);
  const swatch = (mark) => make('i', { class: `swatch k-${mark}` });
  const jump = (item) => {
    galley.querySelector('.at')?.classList.remove('at');
    item.classList.add('at');
    item.scrollIntoView({ block: 'center' });
    item.focus({ preventScroll: true });
  };
  const step = (by) => {
    if (!marks.length || galley.classList.contains('kept')) return;
    at = at < 0 && by < 0 ? marks.length - 1 : (at + by + marks.length) % marks.length;
    jump(marks[at]);
    one('a-count').textContent = `Mark ${at + 1} of ${marks.length}`;
  };
  const goTo = (number) => {
    one('a-kept').checked = false;
    keep();
    const item = one(`p${number}`);
    if (!item) return;
    at = marks.indexOf(item);
    if (at >= 0) one('a-count').textContent = `Mark ${at + 1} of ${marks.length}`;
    jump(item);
  };
  const keep = () => {
    const on = one('a-kept').checked;
    galley.classList.toggle('kept', on);
    one('a-back').disabled = one('a-on').disabled = on || !marks.length;
  };
  const fate = (own) => {
    const parts = [];
    if (own.duplicate_of) {
      parts.push('Would be dropped: a copy of ', link(own.duplicate_of));
      if (own.similarity !== null) parts.push(`, similarity ${own.similarity.toFixed(3)}`);
    } else if (own.verdict === 'reject') {
      parts.push('Would be dropped: it breaks ', own.rules.join(', '));
    }
    if (own.cluster) parts.push(parts.length ? '. ' : 'Kept. ', 'Cluster ', make('a', { href: `#${own.cluster}`, class: 'mono' }, own.cluster), '.');
    one('a-fate').replaceChildren(...parts);
    one('a-fate').hidden = !parts.length;
    one('a-fate').className = own.verdict === 'reject' && !own.duplicate_of ? 'notice reject' : 'notice';
  };
  const fill = (own) => {
    fate(own);
    galley.replaceChildren(...own.paragraphs.map(paragraph));
    if (own.left_out) galley.append(make('li', { class: 'u' }, make('div', { class: 'no' }), make('div', { class: 'soft' }, `${count(own.left_out, 'more paragraph')} not in this page`)));
    if (!own.paragraphs.length) galley.append(make('li', { class: 'u' }, make('div', { class: 'no' }), make('div', { class: 'soft' }, 'This document has no text.')));
    marks = own.paragraphs.filter((item) => item.mark !== 'u' || item.pieces.some((piece) => piece.kind !== 'body')).map((item) => one(`p${item.number}`));
    at = -1;
    one('a-count').textContent = count(marks.length, 'mark');
    one('a-shares').replaceChildren(...own.shares.map((part) => make('li', {}, swatch(part.mark),
      make('span', {}, `${part.name}, ${count(part.paragraphs, 'paragraph')}`), make('b', {}, share(part.share)))));
    one('a-checks').replaceChildren(...own.checks.map((check) => make('tr', {},
      make('th', { scope: 'row' }, make('code', {}, ...breakable(check.column)), make('div', { class: 'soft small' }, check.limit)),
      make('td', { class: 'num' }, check.value), make('td', {}, statusBadge(check.status)))));
    one('a-findings').replaceChildren(...own.findings.map((finding) => {
      const button = make('button', { type: 'button', 'aria-label': `Go to paragraph ${finding.number}: ${finding.text}` }, `¶${finding.number}`);
      button.onclick = () => goTo(finding.number);
      return make('li', {}, swatch(finding.mark), make('span', {}, finding.text), button);
    }));
    one('a-findings').parentNode.hidden = !own.findings.length;
    one('a-checks').closest('section').hidden = !own.checks.length;
    const origin = { Id: own.document.label, File: own.source, Row: count(own.row), URL: own.url, Date: own.date };
    one('a-origin').replaceChildren(...Object.entries(origin).filter(([, value]) => value)
      .flatMap(([name, value]) => [make('dt', {}, name), make('dd', {}, make('bdi', {}, value))]));
    keep();
  };
  const quoted = (text) => (/^[\w@%+=:,./-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);
  const open = async (key) => {
    const own = await article(key);
    const row = byKey.get(key);
    const named = own ? own.document : row || { title: key, label: key, site: null };
    one('a-title').textContent = named.title;
    const facts = own || row;
    one('a-facts').replaceChildren(...(facts ? [badge(facts.verdict)] : []), make('bdi', {}, named.site || 'no site'),
      make('bdi', { class: 'mono' }, named.label), ...(facts ? [chips(facts.rules)] : []));
    const strip = facts ? barcode(facts.strip, 1000, 22) : '';
    if (facts) strip.setAttribute('preserveAspectRatio', 'none');
    one('a-strip').replaceChildren(strip);
    one('a-missing').hidden = Boolean(own);
    one('a-body').hidden = !own;
    if (own) fill(own);
    else one('a-fate').hidden = true;
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
  one('a-on').onclick = () => step(1);
  one('a-back').onclick = () => step(-1);
  one('a-kept').onchange = keep;

  addEventListener('keydown', (event) => {
    const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && event.target.type !== 'checkbox';
    if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
    if (event.key === '/' && one('d-text')) {
      event.preventDefault();
      if (!one('article').hidden) location.hash = 'documents';
      showReport(true);
      one('d-text').focus();
    } else if (!one('article').hidden) {
      if (event.key === 'n') step(1);
      if (event.key === 'p') step(-1);
      if (event.key === 'u') location.hash = 'documents';
      if (event.key === 'c') { one('a-kept').checked = !one('a-kept').checked; keep(); }
    }
  });
  await route();
  root.dataset.ready = 'yes';
})();
