// What an answer of the API says, asserted: each gives back the answer's object. And what a command says.
import assert from 'node:assert/strict';

export function made(reply, status = 201) {
  assert.equal(reply.status, status, reply.text.slice(0, 2000));
  return reply.json;
}

export const ok = (reply) => made(reply, 200);

// A rule of the field said no.
export function refused(reply, status, rule) {
  assert.equal(reply.status, status, reply.text.slice(0, 2000));
  assert.equal(reply.json.rule, rule, reply.text.slice(0, 2000));
  return reply.json;
}

// What was sent cannot be: these members or parameters are pointed out, and no others.
export function wrong(reply, ...pointers) {
  assert.equal(reply.status, 400, reply.text.slice(0, 2000));
  assert.deepEqual([...new Set(reply.json.errors.map((e) => e.pointer ?? e.parameter))].sort(), pointers.sort());
  return reply.json;
}

// A command ended with this code and one line that says why.
export function gaveUp(said, code, pattern) {
  assert.equal(said.code, code, said.stderr);
  assert.match(said.stderr, pattern);
  assert.equal(said.stderr.trim().split('\n').length, 1, said.stderr);
}
