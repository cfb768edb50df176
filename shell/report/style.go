package report

// style is how the page looks: in light and dark, on a phone and on paper. Nothing in it is loaded from elsewhere.
const style = `
:root { color-scheme: light dark; --back: #ffffff; --card: #f6f7f9; --text: #1c2128; --dim: #5b6572; --line: #d8dde3;
  --accent: #2463b5; --other: #b4652a; --critical: #b3261e; --warning: #9a6200; --notice: #2463b5; --track: #e4e8ed; }
@media (prefers-color-scheme: dark) {
  :root { --back: #14171b; --card: #1d2127; --text: #e3e7ec; --dim: #9aa5b1; --line: #353c45; --accent: #6ea8f2;
    --other: #e0935a; --critical: #ff8a80; --warning: #f0b64a; --notice: #6ea8f2; --track: #2c323a; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text); font: 15px/1.5 system-ui, sans-serif; }
header, main { max-width: 1200px; margin: 0 auto; padding: 0 20px; }
header { padding-top: 24px; }
h1 { margin: 0 0 8px; font-size: 26px; overflow-wrap: anywhere; }
h2 { margin: 0 0 2px; font-size: 19px; }
h3 { margin: 0 0 4px; font-size: 15px; font-weight: 600; overflow-wrap: anywhere; }
p { margin: 4px 0; overflow-wrap: anywhere; }
dl { display: flex; flex-wrap: wrap; gap: 4px 24px; margin: 0; }
dl div { display: flex; gap: 6px; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
nav { display: flex; flex-wrap: wrap; gap: 2px 16px; margin: 12px 0; padding: 8px 0;
  border-bottom: 1px solid var(--line); }
a { color: var(--accent); text-decoration: none; }
section { margin: 0 0 32px; }
.about, .more, .empty, .query { color: var(--dim); }
.query code { font-size: 12.5px; }
code, td, th, .graph text { font-family: ui-monospace, "DejaVu Sans Mono", monospace; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; font-size: 13px; margin: 6px 0; }
th { color: var(--dim); font-weight: normal; text-align: left; border-bottom: 1px solid var(--line); }
th, td { padding: 2px 14px 2px 0; vertical-align: top; white-space: nowrap; }
td { font-variant-numeric: tabular-nums; }
.number { text-align: right; }
.prose { white-space: normal; min-width: 240px; overflow-wrap: anywhere; }
tbody tr:nth-child(even) { background: var(--card); }
.finding { border-left: 4px solid var(--notice); background: var(--card); padding: 8px 14px; margin: 10px 0; }
.finding tbody tr:nth-child(even) { background: none; }
.badge { color: var(--notice); text-transform: uppercase; font-size: 12px; letter-spacing: .04em; margin-right: 4px; }
.finding.critical { border-color: var(--critical); }
.finding.warning { border-color: var(--warning); }
.critical .badge, .failed { color: var(--critical); }
.warning .badge { color: var(--warning); }
svg .track { fill: var(--track); }
svg .plain { fill: var(--accent); }
svg .warning { fill: var(--warning); }
svg .critical { fill: var(--critical); }
.bar { vertical-align: middle; }
.amount { display: inline-block; min-width: 8ch; }
.rates { display: flex; flex-wrap: wrap; gap: 16px; margin: 8px 0; }
figure { margin: 0; width: 260px; max-width: 100%; }
figure svg { width: 100%; height: auto; background: var(--card); display: block; }
figcaption { font-size: 13px; }
.received { fill: var(--accent); }
.sent { fill: var(--other); }
.axis { stroke: var(--dim); stroke-width: 1; }
.graph text { fill: var(--text); font-size: 12px; }
.edge { fill: none; stroke: var(--accent); opacity: .55; }
.mark { font-weight: bold; }
@media print {
  :root { color-scheme: light; --back: #ffffff; --card: #ffffff; --text: #000000; --dim: #444444; --line: #999999;
    --accent: #1f4e8c; --other: #8c4a1f; --critical: #8c1d18; --warning: #6b4400; --notice: #1f4e8c; --track: #dddddd; }
  header, main { max-width: none; padding: 0; }
  nav { display: none; }
  .scroll { overflow: visible; }
  table { font-size: 8.5px; }
  th, td { padding-right: 8px; }
  td.long, td.prose { white-space: normal; overflow-wrap: anywhere; min-width: 0; }
  .graph { max-width: 100%; }
  article, figure, tr { break-inside: avoid; }
  h2, .about { break-after: avoid; }
}
`
