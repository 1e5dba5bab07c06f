/** Cards, rows, facets, chips and paging: whatever shows many listings. */
export const listingsStyle = `
.hero { text-align: center; padding-block: clamp(1.5rem, 5vw, 4rem) clamp(1.5rem, 4vw, 3rem); }
.hero h1 { font-size: clamp(1.9rem, 1.2rem + 3vw, 3.1rem); letter-spacing: -.025em; }
.hero > p { color: var(--ink-soft); margin: .75rem auto 0; max-width: 40rem; font-size: 1.1rem; }
.hero .search-box { max-width: 42rem; margin: 1.75rem auto 1.25rem; }
.hero .pills { justify-content: center; }

.search-box {
  display: flex; background: var(--surface); border: 1px solid var(--line-strong); border-radius: 999px; overflow: hidden;
}
.search-box:focus-within { border-color: var(--accent); box-shadow: 0 0 0 .1875rem var(--accent-soft); }
.search-box input {
  flex: 1; min-width: 0; border: 0; background: none; color: var(--ink); font: inherit; padding: .6rem .5rem .6rem 1.25rem;
  min-height: 2.75rem; outline: none; appearance: none;
}
.search-box input::placeholder { color: var(--ink-soft); opacity: 1; }
.search-box button {
  border: 0; background: none; color: var(--accent); padding: 0 1.1rem 0 .75rem; min-width: 3rem; cursor: pointer;
  display: inline-flex; align-items: center; gap: .4rem; font: inherit; font-weight: 600;
}
.search-box button:hover { background: var(--accent-soft); }
.search-box button:focus-visible { outline-offset: -.3rem; border-radius: 999px; }
.search-box.large { box-shadow: var(--shadow); border-color: var(--line); }
.search-box.large input { min-height: 3.5rem; font-size: 1.1rem; padding-inline-start: 1.6rem; }
.search-box.large button { background: var(--accent); color: var(--accent-ink); margin: .35rem; padding-inline: 1.25rem; border-radius: 999px; }
.search-box.large button:hover { background: var(--accent-strong); }

@media (max-width: 34rem) {
  .search-box.large input { padding-inline-start: 1.25rem; }
  .search-box.large button { padding-inline: .9rem; }
  .search-box.large button span { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
}

.pills { display: flex; flex-wrap: wrap; gap: .5rem; }
.pill {
  display: inline-flex; align-items: center; gap: .45rem; min-height: 2.5rem; padding: .3rem .95rem; border-radius: 999px;
  border: 1px solid var(--line); background: var(--surface); color: var(--ink); text-decoration: none; font-size: .95rem;
}
.pill:hover { border-color: var(--accent); color: var(--accent); }
.pill[aria-current] { background: var(--accent); border-color: var(--accent); color: var(--accent-ink); }
.pill .count, .facet .count { color: var(--ink-soft); font-size: .85em; font-variant-numeric: tabular-nums; }
.chip { background: var(--accent-soft); border-color: transparent; color: var(--accent-strong); }
.chip svg { width: .9em; height: .9em; }
.tag {
  display: inline-flex; align-items: center; min-height: 2rem; padding: .1rem .8rem; border-radius: 999px; background: var(--sunk); color: var(--ink);
  text-decoration: none; font-size: .9rem;
}
.tag:hover { background: var(--accent-soft); color: var(--accent-strong); }

.shelf { margin-top: clamp(2.25rem, 4vw, 3.5rem); }
.shelf > header, .row-head { display: flex; flex-wrap: wrap; align-items: center; gap: .25rem .75rem; margin-bottom: 1rem; }
.shelf h2 { display: inline-flex; align-items: center; gap: .6rem; font-size: 1.45rem; }
.shelf h2 svg { color: var(--accent); }
.shelf header a { margin-inline-start: auto; min-height: 2.5rem; display: inline-flex; align-items: center; }
.shelf-columns { display: grid; gap: 1.75rem 2.25rem; }
.shelf-columns h3 { margin-bottom: .85rem; font-size: .8rem; letter-spacing: .07em; text-transform: uppercase; color: var(--ink-soft); font-weight: 600; }
@media (min-width: 62rem) { .shelf-columns.two { grid-template-columns: minmax(0, 1fr) 20rem; } }

.cards { display: grid; gap: 1.5rem var(--gap); grid-template-columns: repeat(auto-fill, minmax(min(100%, 12.5rem), 1fr)); }
@media (max-width: 34rem) { .cards { grid-template-columns: repeat(2, minmax(0, 1fr)); gap: 1.25rem .875rem; } }
.card { position: relative; min-width: 0; }
.card h3, .card h4 { font-size: 1rem; font-weight: 600; line-height: 1.35; margin-top: .65rem; letter-spacing: 0; }
.card h3 a, .card h4 a {
  color: inherit; text-decoration: none; display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 2; overflow: hidden;
}
.card h3 a::after, .card h4 a::after { content: ""; position: absolute; inset: 0; border-radius: var(--radius); }
.card h3 a:focus-visible, .card h4 a:focus-visible { outline: none; }
.card:has(a:focus-visible) .poster { outline: .1875rem solid var(--accent); outline-offset: .1875rem; }
.card:hover h3 a, .card:hover h4 a { color: var(--accent); }
.card .meta { color: var(--ink-soft); font-size: .875rem; line-height: 1.45; margin-top: .15rem; }
.card .meta > span { display: block; }
.clip { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.poster {
  position: relative; aspect-ratio: 3 / 2; border-radius: var(--radius); overflow: hidden; background: var(--sunk);
  border: 1px solid var(--line);
}
.poster img { width: 100%; height: 100%; object-fit: cover; display: block; }
.poster.whole img { object-fit: contain; }
.card:hover .poster img { transform: scale(1.025); }
.poster .badge {
  position: absolute; inset-inline-end: .5rem; bottom: .5rem; padding: .05rem .5rem; border-radius: .4rem;
  background: rgb(0 0 0 / .78); color: #fff; font-size: .8rem; font-variant-numeric: tabular-nums;
}
.blank { display: grid; place-items: center; width: 100%; height: 100%; color: rgb(255 255 255 / .92); }
.blank svg { width: 30%; max-width: 5.5rem; height: auto; }
.blank.video { background: linear-gradient(140deg, #2f4a7c, #6a4c93); }
.blank.photos { background: linear-gradient(140deg, #1d6a63, #4c8c4a); }
.blank.music { background: linear-gradient(140deg, #7b2f5c, #b0563b); }
.blank.software { background: linear-gradient(140deg, #32465a, #3d7480); }
.blank.other { background: linear-gradient(140deg, #57503f, #8b6b43); }

.ranks .card { display: grid; grid-template-columns: 6rem minmax(0, 1fr); gap: .9rem; align-items: center; padding-block: .7rem; }
.ranks .card:first-child { padding-top: 0; }
.ranks .card + .card { border-top: 1px solid var(--line); }
.ranks .poster { border-radius: .5rem; }
.ranks .badge { display: none; }
.ranks .card h4 { margin: 0; font-size: .95rem; }

.browse { display: grid; gap: 1.5rem 2.5rem; align-items: start; }
.browse > * { min-width: 0; }
@media (min-width: 62rem) { .browse:not(.whole) { grid-template-columns: 15rem minmax(0, 1fr); } }
.page-head { display: grid; gap: .75rem; margin-bottom: 1.5rem; }
.page-head h1 { display: flex; align-items: center; gap: .6rem; min-width: 0; }
.page-head h1 svg { color: var(--accent); }
.toolbar { display: flex; flex-wrap: wrap; align-items: center; gap: .5rem 1rem; margin-bottom: 1.25rem; }
.toolbar .total { margin-inline-end: auto; color: var(--ink-soft); }
.sorts { display: flex; flex-wrap: wrap; gap: .125rem; font-size: .95rem; }
.sorts a { display: inline-flex; align-items: center; min-height: 2.5rem; padding: 0 .7rem; border-radius: .5rem; color: var(--ink-soft); text-decoration: none; }
.sorts a:hover { background: var(--sunk); color: var(--ink); }
.sorts a[aria-current] { background: var(--sunk); color: var(--ink); font-weight: 600; }
.facets summary { cursor: pointer; font-weight: 600; min-height: 2.75rem; display: flex; align-items: center; gap: .5rem; }
.facets summary::after { content: ""; width: .5em; height: .5em; border: solid currentColor; border-width: 0 2px 2px 0; rotate: 45deg; translate: 0 -.15em; }
.facets[open] summary::after { rotate: 225deg; translate: 0 .15em; }
@media (max-width: 61.99rem) { .facets { border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); padding: .125rem 1rem; } }
@media (min-width: 62rem) {
  @supports selector(::details-content) {
    .facets > summary { display: none; }
    .facets::details-content { content-visibility: visible; display: block; }
  }
}
.facet { margin-block: .25rem 1.4rem; }
.facet h2 { font-size: .8rem; letter-spacing: .07em; text-transform: uppercase; color: var(--ink-soft); margin-bottom: .35rem; }
.facet a { display: flex; gap: .75rem; align-items: center; min-height: 2.1rem; padding: .1rem .6rem; margin-inline: -.6rem; border-radius: .5rem; color: var(--ink); text-decoration: none; font-size: .95rem; }
.facet a:hover { background: var(--sunk); }
.facet a[aria-current] { color: var(--accent); font-weight: 600; }
.facet bdi { flex: 1; min-width: 0; overflow: hidden; text-overflow: ellipsis; }
.paging { display: flex; flex-wrap: wrap; justify-content: center; align-items: center; gap: .75rem; margin-top: 2.5rem; }
.paging .soft { padding-inline: .5rem; }
.empty { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: clamp(1.25rem, 4vw, 2.5rem); display: grid; gap: 1rem; }
.syntax { display: grid; grid-template-columns: minmax(min-content, auto) 1fr; gap: .4rem 1.25rem; }
.syntax dt { font-family: var(--mono); font-size: .9em; color: var(--accent); }
.syntax dd { margin: 0; color: var(--ink-soft); }
@media (max-width: 34rem) { .syntax { grid-template-columns: 1fr; gap: 0; } .syntax dd { margin-bottom: .6rem; } }
`
