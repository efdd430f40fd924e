/** The report's style sheet. Colours tell apart for colour-blind readers (blue, orange, grey); bad also has hatching or a diamond. */
export const STYLE = `
:root{color-scheme:light dark;--bg:#fff;--fg:#1b1f24;--soft:#59636e;--line:#d0d7de;--panel:#f6f8fa;--good:#9cc9ee;--on-good:#06263f;--bad:#e8743b;--on-bad:#2b0d00;--busy:#f2d675;--on-busy:#332800;--idle:#d8dde3;--on-idle:#24292f;--accent:#0b5cad}
@media (prefers-color-scheme:dark){:root{--bg:#0d1117;--fg:#e6edf3;--soft:#9aa4af;--line:#30363d;--panel:#161b22;--good:#1f5f91;--on-good:#e3f1ff;--bad:#d2622b;--on-bad:#160600;--busy:#8a7420;--on-busy:#fff8dd;--idle:#30363d;--on-idle:#d5dbe1;--accent:#6cb6ff}}
*{box-sizing:border-box}body{margin:0;background:var(--bg);color:var(--fg);font:15px/1.5 system-ui,sans-serif}
main{max-width:1500px;margin:0 auto;padding:24px 16px}h1{font-size:24px;margin:0 0 4px}h2{font-size:18px;margin:0}
a{color:var(--accent)}.quiet,figcaption{color:var(--soft)}table{border-collapse:collapse;width:100%;font-size:14px}
th,td{text-align:left;padding:4px 10px 4px 0;border-bottom:1px solid var(--line);vertical-align:top;overflow-wrap:anywhere}th{font-weight:600}
td.word,td.num{white-space:nowrap}td.num{font-variant-numeric:tabular-nums}.tablewrap{overflow-x:auto}
article{border:1px solid var(--line);border-radius:8px;margin:20px 0;overflow:hidden}article>header{background:var(--panel);padding:10px 14px;border-bottom:1px solid var(--line)}
article>div{padding:10px 14px}details{margin:8px 0}summary{cursor:pointer;color:var(--accent)}
.badge{display:inline-block;border-radius:4px;padding:0 8px;font-weight:600;font-size:13px;margin-right:8px;white-space:nowrap}
.badge.pass{background:var(--good);color:var(--on-good)}.badge.finding{background:var(--busy);color:var(--on-busy)}.badge.fail{background:var(--bad);color:var(--on-bad)}.badge.unknown,.badge.waived{background:var(--idle);color:var(--on-idle)}
.scroll{overflow-x:auto;border:1px solid var(--line);border-radius:6px;background:var(--bg)}svg{display:block;font:11px system-ui,sans-serif}
svg text{fill:var(--fg)}svg .when,svg .fold{fill:var(--soft);text-anchor:middle}svg .lane{fill:var(--soft)}
svg rect.good{fill:var(--good)}svg rect.bad{fill:var(--bad)}svg rect.busy{fill:var(--busy)}svg rect.idle{fill:var(--idle)}svg .on{fill:var(--fg)}
svg .tick{stroke:var(--line)}svg .fault{stroke:var(--bad);stroke-width:2}svg .heal{stroke:var(--accent);stroke-dasharray:4 3}
svg .mark{stroke:var(--bg)}svg .mark.good{fill:var(--accent)}svg .mark.bad{fill:var(--bad)}svg .mark.busy{fill:var(--soft)}svg .mark.idle{fill:var(--soft)}
code{font:13px ui-monospace,monospace;overflow-wrap:anywhere}ul{margin:6px 0;padding-left:20px}
article>header p{margin:4px 0 0}.tablewrap table{min-width:620px}
@media (max-width:700px){main{padding:16px 10px}nav thead{display:none}nav .tablewrap table{min-width:0}nav tbody,nav tr,nav td{display:block;border:0;padding:0}nav tr{border-bottom:1px solid var(--line);padding:8px 0}nav td.word,td.num{white-space:nowrap}td.num{display:inline}nav td.num:not(:empty)::before{content:"recovered in "}article>div,article>header{padding:8px 10px}}
.key{display:flex;gap:14px;flex-wrap:wrap;font-size:13px;color:var(--soft);margin:8px 0}.key i{display:inline-block;width:14px;height:10px;border-radius:2px;margin-right:5px}
`;

/** For a timeline that stands alone: the light colours, and nothing of a page. */
export const PICTURE_STYLE = `
svg{font:11px system-ui,sans-serif}.page{fill:#fff}text{fill:#1b1f24}.when,.fold{fill:#59636e;text-anchor:middle}.lane{fill:#59636e}
rect.good{fill:#9cc9ee}rect.bad{fill:#e8743b}rect.busy{fill:#f2d675}rect.idle{fill:#d8dde3}.tick{stroke:#d0d7de}.fault{stroke:#e8743b;stroke-width:2}.heal{stroke:#0b5cad;stroke-dasharray:4 3}
.mark{stroke:#fff}.mark.good{fill:#0b5cad}.mark.bad{fill:#e8743b}.mark.busy,.mark.idle{fill:#59636e}
`;
