// Workbooks made by hand, as other programs write them: XML in a zip file, no library between.
//
//   workbook({ rows: '<row r="1"><c r="A1" t="inlineStr"><is><t>Namn</t></is></c></row>' })   → bytes
//   zip({ 'xl/workbook.xml': '…' })
//   cells('B2', 'text')
//
// Knows what a zip file and a workbook look like, and nothing of ours.
import zlib from 'node:zlib';

const u16 = (n) => [n & 255, (n >> 8) & 255];
const u32 = (n) => [...u16(n & 0xffff), ...u16(n >>> 16)];
const table = Array.from({ length: 256 }, (_, n) => {
  for (let k = 0; k < 8; k++) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1;
  return n >>> 0;
});
const crc32 = (bytes) => (~bytes.reduce((crc, b) => table[(crc ^ b) & 255] ^ (crc >>> 8), ~0)) >>> 0;

// parts: name → text or bytes, {stored}: the same, not packed, or {deflated, size, crc}: bytes packed already.
export function zip(parts) {
  const files = [];
  const directory = [];
  let at = 0;
  for (const [name, content] of Object.entries(parts)) {
    const title = Buffer.from(name);
    const plain = content.deflated ? undefined : Buffer.from(content.stored ?? content);
    const packed = content.deflated ?? (content.stored ? plain : zlib.deflateRawSync(plain));
    const about = [20, 0, 0, 8, content.stored ? 0 : 8, 0, 0, 0, 33, 0, ...u32(content.crc ?? crc32(plain)), ...u32(packed.length),
      ...u32(content.size ?? plain.length), ...u16(title.length), 0, 0];
    files.push(Buffer.from([0x50, 0x4b, 3, 4, ...about]), title, packed);
    directory.push(Buffer.from([0x50, 0x4b, 1, 2, 20, 0, ...about, ...Array(10).fill(0), ...u32(at)]), title);
    at += 30 + title.length + packed.length;
  }
  const end = Buffer.concat(directory);
  const n = Object.keys(parts).length;
  return Buffer.concat([...files, end, Buffer.from([0x50, 0x4b, 5, 6, 0, 0, 0, 0, ...u16(n), ...u16(n), ...u32(end.length), ...u32(at), 0, 0])]);
}

const xml = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>';
const main = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const office = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const escape = (text) => text.replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[c]);

export const cell = (at, text) => `<c r="${at}" t="inlineStr"><is><t xml:space="preserve">${escape(text)}</t></is></c>`;
// Rows of texts; null leaves a cell out.
export const rowsOf = (rows) => rows.map((row, r) => `<row r="${r + 1}">${row.map((text, c) =>
  (text === null ? '' : cell(`${String.fromCharCode(65 + c)}${r + 1}`, text))).join('')}</row>`).join('');

// rows: the inside of sheetData. styles: number formats of the styles 1, 2 …; strings: shared texts.
export function workbook({ rows, formats = [], strings = [], date1904 = false, sheets, more = {}, sheet } = {}) {
  const all = sheets ?? '<sheet name="Blad1" sheetId="1" r:id="rId1"/>';
  return zip({
    '[Content_Types].xml': `${xml}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    'xl/workbook.xml': `${xml}<workbook xmlns="${main}" xmlns:r="${office}"><workbookPr${date1904 ? ' date1904="1"' : ''}/><sheets>${all}</sheets></workbook>`,
    'xl/_rels/workbook.xml.rels': `${xml}<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">` +
      '<Relationship Id="rId1" Type="worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="worksheet" Target="/xl/worksheets/sheet2.xml"/></Relationships>',
    'xl/styles.xml': `${xml}<styleSheet xmlns="${main}"><numFmts>${formats.map((f, i) => `<numFmt numFmtId="${typeof f === 'number' ? f : 164 + i}" formatCode="${typeof f === 'number' ? '' : escape(f)}"/>`).join('')}</numFmts>` +
      `<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs><cellXfs><xf numFmtId="0"/>${formats.map((f, i) => `<xf numFmtId="${typeof f === 'number' ? f : 164 + i}"/>`).join('')}</cellXfs></styleSheet>`,
    'xl/sharedStrings.xml': `${xml}<sst xmlns="${main}">${strings.map((s) => `<si>${s}</si>`).join('')}</sst>`,
    'xl/worksheets/sheet1.xml': sheet ?? `${xml}<worksheet xmlns="${main}"><sheetData>${rows}</sheetData></worksheet>`,
    ...more,
  });
}

// A part that is `times` × text when unpacked, and next to nothing in the file; made without ever being whole.
export function repeated(before, text, times, after) {
  const block = Buffer.from(text.repeat(1000));
  const pieces = [Buffer.from(before)];
  const deflate = zlib.deflateRawSync;
  // Stored piece by piece through one stream would need to wait; sizes are few, so the whole is packed in parts.
  for (let i = 0; i < times / 1000; i++) pieces.push(block);
  pieces.push(Buffer.from(after));
  return deflate(Buffer.concat(pieces), { level: 9 });
}
