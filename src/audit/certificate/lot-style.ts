/** How a lot's certificate looks: on paper first, black on white. */
export const lotStyle = `
@page { margin: 16mm; }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 178mm; padding: 8mm 0; color: #111; background: #fff;
  font: 10.5pt/1.45 system-ui, "Noto Sans KR", "Malgun Gothic", "Apple SD Gothic Neo", sans-serif; }
@media print { body { padding: 0; } }
header { display: flex; justify-content: space-between; align-items: center; gap: 8mm; border-bottom: 2px solid #111; padding-bottom: 4mm; }
h1 { font-size: 20pt; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 12pt; margin: 0 0 2mm; }
h3 { font-size: 9pt; margin: 3mm 0 1mm; }
.verdict { display: flex; align-items: center; gap: 3mm; margin: 0; padding: 2mm 5mm; border: 2px solid; border-radius: 3mm; font-size: 15pt; font-weight: 700; white-space: nowrap; }
.verdict svg { width: 7mm; fill: none; stroke: currentColor; stroke-width: 3.2; }
.complete { color: #0a5c2b; }
.incomplete { color: #a3161b; }
.rehearsal { padding: 2mm 4mm; font-weight: 700; border: 2px dashed #111; }
.why { margin: 4mm 0 0; padding-left: 6mm; font-weight: 600; }
.balance { display: flex; flex-wrap: wrap; align-items: center; gap: 4mm 6mm; margin: 6mm 0; }
.balance div { display: grid; }
.balance b { font-size: 22pt; line-height: 1.1; font-variant-numeric: tabular-nums; }
.balance span { font-size: 9pt; }
.balance i { font: 700 20pt/1 sans-serif; }
.balance div:last-child { margin-left: auto; text-align: right; }
dl { display: grid; grid-template-columns: max-content 1fr max-content 1fr; gap: 1mm 5mm; margin: 0 0 6mm; }
dt { color: #444; }
dd { margin: 0; overflow-wrap: anywhere; }
.plots { display: grid; grid-template-columns: 1fr 1fr; gap: 6mm; margin-bottom: 6mm; break-inside: avoid; }
figure { margin: 0; }
.plots svg { width: 100%; fill: #333; }
.axis { fill: none; stroke: #111; }
figcaption { font-size: 9pt; }
.signatures { display: grid; grid-template-columns: 1fr 1fr; gap: 8mm; margin-bottom: 6mm; break-inside: avoid; }
.signatures p { margin: 7mm 0 0; border-top: 1px solid #111; font-size: 9pt; }
.evidence { display: grid; grid-template-columns: 42mm 1fr; gap: 6mm; break-inside: avoid; }
.qr svg { width: 42mm; height: 42mm; }
.evidence p { margin: 0 0 2mm; font-size: 9pt; }
pre { margin: 0 0 3mm; font: 8pt/1.4 ui-monospace, monospace; white-space: pre-wrap; overflow-wrap: anywhere; }
.list { margin-top: 6mm; }
table { width: 100%; border-collapse: collapse; font-size: 9pt; font-variant-numeric: tabular-nums; }
thead { display: table-header-group; }
tr { break-inside: avoid; }
th, td { padding: 1mm 2mm; border-bottom: 1px solid #bbb; text-align: left; vertical-align: top; overflow-wrap: anywhere; }
`;
