/* one document: from mark to mark, and the text as it would be kept */
const galley = one('a-text');
let marks = [];
let at = -1;
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
const keep = () => {
  const on = one('a-kept').checked;
  galley.classList.toggle('kept', on);
  one('a-back').disabled = one('a-on').disabled = on || !marks.length;
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
const findMarks = () => {
  marks = [...galley.children].filter((item) => item.matches('.r, .b, .x') || item.querySelector('mark'));
  at = -1;
  one('a-count').textContent = count(marks.length, 'mark');
  keep();
};
one('a-on').onclick = () => step(1);
one('a-back').onclick = () => step(-1);
one('a-kept').onchange = keep;
one('a-findings').onclick = (event) => {
  const link = event.target.closest('[data-go]');
  if (!link) return;
  event.preventDefault();
  goTo(link.dataset.go);
};

/* keys, off while one types */
const keys = {
  n: () => step(1),
  p: () => step(-1),
  c: () => { one('a-kept').checked = !one('a-kept').checked; keep(); },
  u: () => one('a-up')?.click(),
};
addEventListener('keydown', (event) => {
  const typing = /^(INPUT|SELECT|TEXTAREA)$/.test(event.target.tagName) && !/^(checkbox|range)$/.test(event.target.type);
  if (event.ctrlKey || event.metaKey || event.altKey || typing) return;
  if (event.key === '/' && one('d-text')) {
    event.preventDefault();
    keys['/']();
  } else if (!one('article').hidden && event.key !== '/') keys[event.key]?.();
});
if (!one('listing')) {
  findMarks();
  root.dataset.ready = 'yes';
}
