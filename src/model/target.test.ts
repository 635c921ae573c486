import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { UsageError } from './error.ts';
import { parseTarget, parseTargets } from './target.ts';

describe('parseTarget', () => {
  it('reads sockets in every spelling, with a handler and a name', () => {
    assert.deepEqual(parseTarget('crio=unix:///var/run/crio/crio.sock#crun'), {
      name: 'crio',
      text: 'unix:///var/run/crio/crio.sock#crun',
      kind: 'endpoint',
      endpoint: 'unix:///var/run/crio/crio.sock',
      handler: 'crun',
    });
    for (const spelling of ['unix:///run/c.sock', 'unix:/run/c.sock', '/run/c.sock']) {
      const target = parseTarget(spelling);
      assert.equal(target.kind === 'endpoint' && target.endpoint, 'unix:///run/c.sock');
    }
    const tcp = parseTarget('tcp://127.0.0.1:1234');
    assert.equal(tcp.kind === 'endpoint' && tcp.endpoint, 'tcp://127.0.0.1:1234');
  });

  it('reads labs with their instance, version and handler', () => {
    assert.deepEqual(parseTarget('lab:containerd+2@1.7/crun'), {
      name: 'lab:containerd+2@1.7/crun',
      text: 'lab:containerd+2@1.7/crun',
      kind: 'lab',
      runtime: 'containerd',
      instance: '2',
      version: '1.7',
      handler: 'crun',
    });
    assert.deepEqual(parseTarget('lab:cri-dockerd').kind, 'lab');
  });

  it('reads a fault and what is behind it, another fault included', () => {
    const target = parseTarget('fault:delay(StartContainer, 10%)@fault:none@lab:containerd');
    assert.ok(target.kind === 'fault' && target.behind.kind === 'fault');
    assert.deepEqual(
      [target.fault, target.args, target.behind.fault, target.behind.behind.text],
      ['delay', ['StartContainer', '10%'], 'none', 'lab:containerd'],
    );
  });

  it('says which forms there are when it is none of them', () => {
    for (const wrong of ['', 'containerd', 'http://x', 'lab:', 'lab:Containerd', 'unix://relative.sock', 'fault:x@']) {
      assert.throws(
        () => parseTarget(wrong),
        (error) => error instanceof UsageError && error.advice.includes('unix:///'),
        wrong,
      );
    }
  });
});

describe('parseTargets', () => {
  it('wants a name of its own for each', () => {
    assert.deepEqual(
      parseTargets(['a=lab:containerd', 'b=lab:containerd']).map(({ name }) => name),
      ['a', 'b'],
    );
    assert.throws(() => parseTargets(['lab:containerd', 'lab:containerd']), UsageError);
  });
});
