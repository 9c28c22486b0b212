/* What every page of a run shares. The page without a script is a page to read; with it, one can also look for
   documents, walk through them and move limits. Whatever comes from the corpus reaches the page through textContent. */
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

/* a button that copies says so for a moment */
const clip = async (button, text) => {
  const name = button.textContent;
  try {
    await navigator.clipboard.writeText(text);
  } catch { /* without leave to write there, the old way: a selection and a command */
    const held = make('textarea', { class: 'unseen', 'aria-hidden': 'true', tabindex: '-1' });
    held.value = text;
    document.body.append(held);
    held.select();
    document.execCommand('copy');
    held.remove();
    button.focus();
  }
  button.textContent = 'Copied';
  setTimeout(() => { button.textContent = name; }, 1500);
};
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = false;
  button.onclick = () => clip(button, button.dataset.copy);
}

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
