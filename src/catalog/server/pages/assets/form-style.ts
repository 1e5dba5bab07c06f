/** Forms, messages, and the moderators' pages. */
export const formStyle = `
.form { display: grid; gap: 1.6rem; max-width: 44rem; }
.form fieldset { border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface); padding: 1.25rem clamp(1rem, 3vw, 1.6rem) 1.5rem; margin: 0; display: grid; gap: 1.25rem; min-width: 0; }
.form legend { font-weight: 650; font-size: 1.1rem; padding-inline: .4rem; margin-inline-start: -.4rem; }
.field { display: grid; gap: .35rem; min-width: 0; align-content: start; }
.field label, .field .label { font-weight: 600; }
.field .hint { color: var(--ink-soft); font-size: .9rem; }
.field .error { color: var(--bad); font-size: .95rem; font-weight: 500; display: flex; gap: .4rem; align-items: start; }
.field .error svg { margin-top: .2em; }
.field.half { max-width: 22rem; }
.pair { display: grid; gap: 1.25rem; grid-template-columns: repeat(auto-fit, minmax(min(100%, 14rem), 1fr)); }
input[type=text], input[type=email], input[type=password], input[type=url], input[type=file], textarea, select {
  width: 100%; min-height: 2.9rem; padding: .55rem .85rem; font: inherit; color: var(--ink); background: var(--ground);
  border: 1px solid var(--line-strong); border-radius: .6rem;
}
textarea { min-height: 9rem; resize: vertical; line-height: 1.5; }
textarea.short { min-height: 4.5rem; }
input[type=file] { padding: .45rem .6rem; }
input[type=file]::file-selector-button { font: inherit; border: 0; border-radius: .4rem; background: var(--sunk); color: var(--ink); padding: .35rem .8rem; margin-inline-end: .8rem; cursor: pointer; }
[aria-invalid=true] { border-color: var(--bad); }
input:focus-visible, textarea:focus-visible, select:focus-visible { outline-offset: 0; border-radius: .6rem; }
.check { display: flex; gap: .6rem; align-items: start; }
.check input { width: 1.2rem; height: 1.2rem; margin-top: .2rem; accent-color: var(--accent); flex: none; }
.trap { position: absolute; inset-inline-start: -200vw; width: 1px; height: 1px; overflow: hidden; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; align-items: center; }
.notice { border-radius: var(--radius); padding: 1rem 1.25rem; display: grid; gap: .35rem; background: var(--accent-soft); max-width: 44rem; }
.notice.bad { background: var(--bad-soft); }
.notice.bad strong { color: var(--bad); }
.notice.warn { background: var(--warn-soft); }
.notice.warn strong { color: var(--warn); }
.notice ul { list-style: disc; padding-inline-start: 1.25rem; }
.state { display: inline-flex; align-items: center; gap: .4rem; padding: .05rem .7rem; border-radius: 999px; font-size: .85rem; font-weight: 600; background: var(--sunk); color: var(--ink-soft); white-space: nowrap; }
.state.accepted, .state.ready { background: var(--accent-soft); color: var(--accent-strong); }
.state.rejected { background: var(--bad-soft); color: var(--bad); }
.state.waiting, .state.checking, .state.received, .state.unreachable { background: var(--warn-soft); color: var(--warn); }
.queue li { background: var(--surface); border: 1px solid var(--line); border-radius: var(--radius); padding: 1rem 1.25rem; position: relative; display: grid; gap: .25rem; }
.queue { display: grid; gap: .75rem; }
.queue li:hover { border-color: var(--accent); }
.queue h2 { font-size: 1.05rem; }
.queue h2 a { color: inherit; text-decoration: none; }
.queue h2 a::after { content: ""; position: absolute; inset: 0; }
.queue .meta { display: flex; flex-wrap: wrap; gap: .25rem 1rem; color: var(--ink-soft); font-size: .9rem; align-items: center; }
.stack { display: grid; gap: 1.75rem; }
.stack > * { min-width: 0; }
.stack > section > h2 { margin-bottom: .75rem; }
.sign-out { margin-inline-start: auto; }
.moment { white-space: nowrap; font-variant-numeric: tabular-nums; }
.fault { display: grid; gap: 1rem; justify-items: start; padding-block: clamp(2rem, 8vw, 6rem); max-width: 40rem; }
.fault .code { font-size: .9rem; letter-spacing: .1em; color: var(--accent); font-weight: 700; }
`
