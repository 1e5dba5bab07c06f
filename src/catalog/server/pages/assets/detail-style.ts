/** The page of one listing, prose, and facts. */
export const detailStyle = `
.detail { display: grid; gap: 2rem 3rem; align-items: start; }
.detail > * { min-width: 0; }
.detail-head, .detail-main { display: grid; gap: 1.75rem; }
.detail-side { display: grid; gap: 1.25rem; }
@media (min-width: 58rem) {
  .detail { grid-template-columns: minmax(0, 1fr) 21.5rem; grid-template-rows: auto 1fr; row-gap: 1.75rem; }
  .detail-side { grid-column: 2; grid-row: 1 / span 2; }
}
@media (max-width: 57.99rem) {
  .detail-side { display: contents; }
  .detail-side > :last-child:not(:first-child) { order: 1; }
}
.stage {
  display: grid; place-items: center; background: var(--sunk); border: 1px solid var(--line); border-radius: calc(var(--radius) * 1.25);
  overflow: hidden;
}
.stage img { display: block; width: 100%; height: auto; max-height: 30rem; object-fit: contain; }
.stage .blank { aspect-ratio: 5 / 2; }
.stage .blank svg { width: 5.5rem; }
.title-block { display: grid; gap: .6rem; }
.title-block .crumbs { display: flex; flex-wrap: wrap; gap: .4rem; align-items: center; color: var(--ink-soft); font-size: .95rem; }
.title-block .crumbs a { display: inline-flex; align-items: center; gap: .4rem; min-height: 2rem; text-decoration: none; font-weight: 500; }
.prose { display: grid; gap: 1rem; max-width: 44rem; font-size: 1.05rem; }
.prose h2 { margin-top: 1rem; }
.prose ul { list-style: disc; padding-inline-start: 1.25rem; display: grid; gap: .35rem; }
.tags { display: flex; flex-wrap: wrap; gap: .5rem; }
.panel { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1.25rem; box-shadow: var(--shadow); }
.panel h2 { font-size: 1.05rem; margin-bottom: .85rem; }
.get { display: grid; gap: .75rem; }
.get h2 { margin-bottom: 0; }
.health { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; align-items: baseline; font-size: .95rem; }
.health b { font-variant-numeric: tabular-nums; }
.health .seeds { color: var(--good); }
.health .when { flex-basis: 100%; color: var(--ink-soft); font-size: .85rem; }
.button {
  display: inline-flex; align-items: center; justify-content: center; gap: .55rem; min-height: 2.9rem; padding: .45rem 1.3rem; border-radius: .7rem;
  border: 1px solid var(--line-strong); background: var(--surface); color: var(--ink); font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
}
.button:hover { border-color: var(--accent); color: var(--accent); }
.button.primary { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.button.primary:hover { background: var(--accent-strong); border-color: var(--accent-strong); color: var(--accent-ink); }
.button.danger { color: var(--bad); }
.button.danger:hover { border-color: var(--bad); color: var(--bad); }
.button.quiet { min-height: 2.5rem; font-weight: 500; padding-inline: 1rem; font-size: .95rem; }
.copy { position: relative; display: grid; gap: .25rem; }
.copy .label { font-size: .85rem; color: var(--ink-soft); }
.copy code {
  display: block; padding: .6rem .8rem; background: var(--sunk); border-radius: .6rem; font-size: .84rem; line-height: 1.5;
  max-height: 9.9rem; overflow: auto; overflow-wrap: anywhere; user-select: all;
}
.copy button {
  justify-self: end; border: 0; background: none; color: var(--accent); font: inherit; font-size: .85rem; font-weight: 600; cursor: pointer;
  min-height: 2rem; padding: 0 .4rem; border-radius: .4rem;
}
.copy .bar { display: flex; justify-content: space-between; align-items: center; min-height: 2rem; }
.qr summary, .more summary { cursor: pointer; min-height: 2.5rem; display: flex; align-items: center; color: var(--accent); font-weight: 600; font-size: .95rem; }
.qr img { display: block; width: 100%; max-width: 15rem; margin: .25rem auto 0; background: #fff; padding: .5rem; border-radius: .6rem; aspect-ratio: 1; }
.facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: .5rem 1.25rem; font-size: .95rem; }
.facts dt { color: var(--ink-soft); }
.facts dd { margin: 0; text-align: end; }
.facts .wide { grid-column: 1 / -1; text-align: start; }
.facts dt.wide { margin-bottom: -.4rem; }
.panel > .more { margin-top: 1rem; padding-top: .85rem; border-top: 1px solid var(--line); }
.facts .hash { font-family: var(--mono); font-size: .76rem; line-height: 1.5; }
.table-scroll { overflow-x: auto; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); }
table { border-collapse: collapse; width: 100%; font-size: .95rem; }
th { text-align: start; color: var(--ink-soft); font-weight: 600; font-size: .85rem; }
th, td { padding: .55rem 1rem; vertical-align: top; }
tbody tr { border-top: 1px solid var(--line); }
td.number, th.number { text-align: end; white-space: nowrap; font-variant-numeric: tabular-nums; }
.files td:first-child { overflow-wrap: anywhere; min-width: 10rem; }
`
