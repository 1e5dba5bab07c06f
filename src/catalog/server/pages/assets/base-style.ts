/** Colours, type, and what every page has around its content. Contrast of text is at least 4.5 : 1 in both schemes. */
export const baseStyle = `
:root {
  color-scheme: light dark;
  --ground: #faf9f7; --surface: #ffffff; --sunk: #f1efeb; --line: #e2dfd9; --line-strong: #8b867d;
  --ink: #1d1b18; --ink-soft: #5c5750;
  --accent: #0b6b5d; --accent-strong: #07564a; --accent-ink: #ffffff; --accent-soft: #e0f1ed;
  --good: #1a6b32; --bad: #a52a1f; --bad-soft: #fdecea; --warn: #7a5200; --warn-soft: #fdf3dc;
  --shadow: 0 1px 2px rgb(40 30 10 / .05), 0 6px 20px rgb(40 30 10 / .06);
  --radius: .875rem; --gap: 1.25rem;
  --sans: system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "Helvetica Neue", Arial, sans-serif;
  --mono: ui-monospace, SFMono-Regular, Menlo, Consolas, "Liberation Mono", monospace;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #121413; --surface: #1b1e1d; --sunk: #232726; --line: #313635; --line-strong: #7c8583;
    --ink: #edefec; --ink-soft: #a7aeaa;
    --accent: #5fd3bd; --accent-strong: #86e3d1; --accent-ink: #06231e; --accent-soft: #16352f;
    --good: #7fd897; --bad: #ff9d92; --bad-soft: #3a1c19; --warn: #f0c36b; --warn-soft: #352a12;
    --shadow: 0 1px 2px rgb(0 0 0 / .3), 0 6px 20px rgb(0 0 0 / .25);
  }
}
*, *::before, *::after { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; text-size-adjust: 100%; scroll-padding-top: 1rem; }
body {
  margin: 0; background: var(--ground); color: var(--ink); font: 1rem/1.6 var(--sans);
  display: flex; flex-direction: column; min-height: 100vh; overflow-wrap: anywhere;
}
h1, h2, h3, h4 { line-height: 1.25; margin: 0; font-weight: 650; letter-spacing: -.012em; text-wrap: balance; }
h1 { font-size: clamp(1.6rem, 1.2rem + 1.8vw, 2.25rem); }
h2 { font-size: 1.3rem; }
h3 { font-size: 1.05rem; }
p, ul, ol, dl, figure { margin: 0; }
ul, ol { padding: 0; list-style: none; }
a { color: var(--accent); text-decoration-thickness: .08em; text-underline-offset: .18em; }
a:hover { color: var(--accent-strong); }
img, svg { max-width: 100%; }
code, .mono { font-family: var(--mono); font-size: .9em; }
:focus-visible { outline: .1875rem solid var(--accent); outline-offset: .1875rem; border-radius: .25rem; }
.wrap { width: 100%; max-width: 78rem; margin-inline: auto; padding-inline: clamp(1rem, 4vw, 2.5rem); }
.narrow { max-width: 46rem; margin-inline: 0; }
.soft { color: var(--ink-soft); }
.small { font-size: .875rem; }
.hidden-visually {
  position: absolute; width: 1px; height: 1px; margin: -1px; padding: 0; overflow: hidden;
  clip-path: inset(50%); white-space: nowrap; border: 0;
}
.skip {
  position: absolute; inset-inline-start: 1rem; top: -5rem; z-index: 9; padding: .6rem 1rem;
  background: var(--accent); color: var(--accent-ink); border-radius: 0 0 .5rem .5rem;
}
.skip:focus { top: 0; color: var(--accent-ink); }
.icon { width: 1.25em; height: 1.25em; flex: none; vertical-align: -.25em; }

.site-head { border-bottom: 1px solid var(--line); background: var(--surface); }
.site-head .wrap { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1.5rem; padding-block: .75rem; }
.brand {
  display: inline-flex; align-items: center; gap: .6rem; font-weight: 700; font-size: 1.1rem; min-height: 2.75rem;
  color: var(--ink); text-decoration: none; letter-spacing: -.01em; min-width: 0;
}
.brand:hover { color: var(--accent); }
.brand svg { width: 1.75rem; height: 1.75rem; color: var(--accent); flex: none; }
.site-nav { margin-inline-start: auto; }
.site-nav ul { display: flex; flex-wrap: wrap; gap: .125rem; }
.site-nav a {
  display: inline-flex; align-items: center; min-height: 2.75rem; padding: .25rem .7rem; border-radius: .5rem;
  color: var(--ink-soft); text-decoration: none; font-weight: 500; font-size: .95rem;
}
.site-nav a:hover { background: var(--sunk); color: var(--ink); }
.site-nav a[aria-current] { color: var(--accent); }
.head-search { flex: 1 1 16rem; max-width: 30rem; }
main { flex: 1; padding-block: clamp(1.5rem, 3vw, 2.5rem) 4rem; }
.site-foot { border-top: 1px solid var(--line); color: var(--ink-soft); font-size: .9rem; }
.site-foot .wrap { display: flex; flex-wrap: wrap; gap: .25rem 1.5rem; align-items: center; padding-block: 1.25rem; }
.site-foot p { margin-inline-end: auto; }
.site-foot a { color: inherit; display: inline-flex; align-items: center; min-height: 2rem; }
@media (max-width: 44rem) {
  .head-search { order: 3; flex-basis: 100%; max-width: none; }
  .site-nav { margin-inline: auto -.7rem; }
  .site-nav a { padding-inline: .6rem; }
}
@media (prefers-reduced-motion: no-preference) {
  a, button, .card, .poster img { transition: color .15s, background-color .15s, border-color .15s, box-shadow .15s, transform .25s; }
}
@media print {
  .site-head, .site-foot, .skip, .head-search { display: none; }
}
`
