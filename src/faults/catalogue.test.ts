import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadCatalogue } from '../conformance/catalogue.ts';
import { parseTarget } from '../model/target.ts';
import { faults, prepareFault } from './catalogue.ts';
import { isRpc } from './rpc.ts';

test('every fault has a name of its own that a target can be written with', () => {
  const names = faults.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, place) => names.indexOf(name) !== place),
    [],
  );
  for (const name of names) assert.equal(parseTarget(`fault:${name}@sim:`).kind, 'fault');
});

test('every case that a fault is to fail exists, and every RPC that it wraps', async () => {
  const { cases } = await loadCatalogue();
  const ids = new Set(cases.map(({ declaration }) => declaration.id));
  const unknown = faults.flatMap(({ name, kills, rpcs }) => [
    ...kills.filter((kill) => !ids.has(kill.split('#')[0] ?? '')).map((kill) => `${name} kills ${kill}`),
    ...rpcs.filter((rpc) => rpc !== '*' && !isRpc(rpc)).map((rpc) => `${name} wraps ${rpc}`),
  ]);
  assert.deepEqual(unknown, []);
});

test('a fault fails some case, or says why it is there', () => {
  const idle = faults.filter(({ kills, reason }) => kills.length === 0 && reason === undefined);
  assert.deepEqual(idle, []);
});

test('what makes no sense is refused, with what would', () => {
  const refusals: [string, string[], RegExp, RegExp][] = [
    ['nonne', [], /no fault 'nonne'/, /none/],
    ['none', ['x'], /takes no arguments/, /fault:none@TARGET/],
    ['delay', ['StartContainer'], /1 arguments were given, and it takes 2/, /fault:delay\(RPC or \*,/],
    ['delay', ['StartContaner', '10%'], /closest are StartContainer/, /fault:delay/],
    ['delay', ['*', 'soon'], /'soon' is no time/, /fault:delay/],
    ['fail', ['Status', 'OK'], /no code of an error/, /fault:fail/],
    ['fail', ['GetContainerEvents', 'Internal'], /answers a stream/, /fault:fail/],
    ['dies', ['Status', 'maybe'], /not comes-back/, /fault:dies/],
  ];
  for (const [name, args, message, advice] of refusals) {
    assert.throws(() => prepareFault(name, args), { name: 'UsageError', message, advice });
  }
});
