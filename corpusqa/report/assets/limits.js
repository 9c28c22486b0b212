/* the limits of the distributions: move one, and see what it would keep */
const clamped = (value, most) => Math.min(Math.max(value, 0), most);
const limited = (figure, trial) => {
  const inputs = [...figure.querySelectorAll('input[type="range"]')];
  const pairs = [...figure.querySelectorAll('.good')].map((good) => [good, good.nextElementSibling]);
  const heights = pairs.map((pair) => pair.reduce((sum, part) => sum + Number(part.getAttribute('height')), 0));
  const counts = trial.counts.filter((n) => n);
  const before = counts.map((_, i) => counts.slice(0, i).reduce((sum, n) => sum + n, 0));
  const last = trial.limits.length - 1;
  /* of documents or words: how many lie below the least, and how many up to the largest allowed value */
  const ends = (of) => {
    const at = Object.fromEntries(inputs.map((input) => [input.dataset.side, Number(input.value)]));
    return [at.min === undefined ? 0 : of.min[at.min], of.max[at.max === undefined ? last : at.max]];
  };
  const kept = (of) => Math.max(ends(of)[1] - ends(of)[0], 0);
  const line = (side, i) => {
    const [path, text] = figure.querySelector(`g[data-side="${side}"]`).children;
    const x = trial.places[side][i];
    const on = x >= 0 && x <= trial.width;
    const left = x < trial.width / 2;
    path.setAttribute('d', on ? `M${x} 2V${trial.base}` : 'M0 0');
    text.textContent = `${x < 0 ? '← ' : ''}${side} ${trial.shown[i]}${x > trial.width ? ' →' : ''}`;
    text.setAttribute('x', on ? x + (left ? 4 : -4) : clamped(x, trial.width));
    text.setAttribute('text-anchor', left ? 'start' : 'end');
  };
  const bars = () => {
    const [below, upTo] = ends(trial.documents);
    pairs.forEach(([good, bad], i) => {
      const n = counts[i];
      const beyond = Math.min(clamped(below - before[i], n) + clamped(before[i] + n - upTo, n), n);
      const red = (heights[i] * beyond) / n;
      good.setAttribute('height', heights[i] - red);
      bad.setAttribute('height', red);
      bad.setAttribute('y', trial.base - red);
    });
  };
  const tell = () => {
    const { all } = trial.documents;
    const words = trial.words.all;
    const said = inputs.map((input) => `${SIDES[input.dataset.side]} ${trial.shown[input.value]}`).join(', ');
    const documents = kept(trial.documents);
    figure.querySelector('.kept').textContent = `${said}: keeps ${count(documents)} of ${count(all, 'document')} `
      + `(${share(all ? documents / all : null)}) and ${share(words ? kept(trial.words) / words : null)} of the words`;
  };
  const setting = () => inputs.map((input) => `"${input.dataset.side}_value": ${trial.limits[input.value]}`).join(', ');
  const [again, copy] = figure.querySelectorAll('button');
  const move = () => {
    for (const input of inputs) {
      line(input.dataset.side, Number(input.value));
      input.setAttribute('aria-valuetext', trial.shown[input.value]);
    }
    bars();
    tell();
    const changed = inputs.some((input) => Number(input.value) !== trial.suite[input.dataset.side]);
    again.hidden = copy.hidden = !changed;
  };
  const restore = () => { for (const input of inputs) input.value = trial.suite[input.dataset.side]; };
  for (const input of inputs) {
    input.max = last;
    input.oninput = move;
  }
  again.onclick = () => { restore(); move(); inputs[0].focus(); };
  copy.onclick = () => clip(copy, `"column": "${figure.dataset.column}", ${setting()}`);
  restore();
  for (const input of inputs) input.setAttribute('aria-valuetext', trial.shown[input.value]);
};
const SIDES = { min: 'at least', max: 'at most' };
const trials = await payload('trials');
document.querySelectorAll('#distributions figure').forEach((figure, i) => limited(figure, trials[i]));

