// Sources as the rules see them: C text without comments and strings, its string literals, its lines.
//
// A rule is a function from files ([{path, text}]) to findings ([{path, line, rule, message, warn}]);
// it reads no disk, so that selftest.mjs can show it a fixture. Knows C's tokens, no rule.

// Splits C into what is code, and where comments and literals are. Positions stay: everything taken
// out of `code` becomes spaces, strings "". → {code, strings: [{at, end, text}], comments: [{at, end, text}]}
export function scanC(text) {
  const strings = [];
  const comments = [];
  const pattern = /\/\*[\s\S]*?\*\/|\/\/[^\n]*|"(?:[^"\\\n]|\\[\s\S])*"|'(?:[^'\\\n]|\\.)+'/g;
  const code = text.replace(pattern, (token, at) => {
    const end = at + token.length;
    if (token[0] === '/') {
      comments.push({ at, end, text: token });
      return token.replace(/[^\n]/g, ' ');
    }
    if (token[0] === '"') strings.push({ at, end, text: unescapeC(token.slice(1, -1)) });
    return token[0] + token.slice(1, -1).replace(/[^\n]/g, ' ') + token[0];
  });
  // A line that goes on is white space to the compiler.
  return { code: code.replace(/\\(?=\n)/g, ' '), strings, comments };
}

const simple = { n: '\n', t: '\t', r: '\r', 0: '\0', '"': '"', "'": "'", '\\': '\\', a: '\x07', b: '\b', f: '\f', v: '\v' };
function unescapeC(text) {
  return text.replace(/\\(?:x([0-9a-fA-F]+)|([0-7]{1,3})|\n|([\s\S]))/g, (whole, hex, octal, one) =>
    hex ? String.fromCharCode(parseInt(hex, 16)) : octal ? String.fromCharCode(parseInt(octal, 8))
      : one === undefined ? '' : simple[one] ?? one);
}

// Adjacent literals are one: [{at, text}].
export function literals({ code, strings }) {
  const found = [];
  let last = null;
  for (const string of strings) {
    if (last && /^\s*$/.test(code.slice(last.end, string.at))) {
      last.text += string.text;
      last.end = string.end;
    } else {
      last = { ...string };
      found.push(last);
    }
  }
  return found;
}

export function lineOf(text, at) {
  let line = 1;
  for (let i = text.indexOf('\n'); i >= 0 && i < at; i = text.indexOf('\n', i + 1)) line++;
  return line;
}

// The arguments of a call whose '(' is at `open` in code: [{at, end}], or null when it does not close.
export function argumentsAt(code, open) {
  const found = [];
  let depth = 0;
  let from = open + 1;
  let quoted = false;
  for (let i = open; i < code.length; i++) {
    const c = code[i];
    if (c === '"') quoted = !quoted;
    if (quoted) continue;
    if ('([{'.includes(c)) depth++;
    else if (')]}'.includes(c) && --depth === 0) {
      found.push({ at: from, end: i });
      return found;
    } else if (c === ',' && depth === 1) {
      found.push({ at: from, end: i });
      from = i + 1;
    }
  }
  return null;
}

export function finding(path, text, at, rule, message, warn = false) {
  return { path, line: lineOf(text, at), rule, message, warn };
}
