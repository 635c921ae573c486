import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { test } from 'node:test';
import fc from 'fast-check';
import { CriError } from './error.ts';
import {
  AuthConfigSchema,
  ContainerStatusResponseSchema,
  create,
  ExecResponseSchema,
  ExecSyncRequestSchema,
  ExecSyncResponseSchema,
  fromBinary,
  GetEventsRequestSchema,
  ListPodSandboxResponseSchema,
  NamespaceOptionSchema,
  PodSandboxState,
  PodSandboxStatusResponseSchema,
  PullImageRequestSchema,
  StatusRequestSchema,
  StatusResponseSchema,
} from './messages.ts';
import type { Message } from './messages.ts';
import type { CallRecord } from './record.ts';
import { removed } from './redaction.ts';
import { Transcript } from './transcript.ts';

let startedAtNs = process.hrtime.bigint();
function answered(rpc: string, request: Message, response: Message): CallRecord {
  startedAtNs += 1_000_000n;
  return { outcome: 'answered', service: 'RuntimeService', rpc, request, response, startedAtNs, durationNs: 1000 };
}
function failed(rpc: string, request: Message, details: string): CallRecord {
  startedAtNs += 1_000_000n;
  const error = new CriError('Unknown', details, { rpc, endpoint: 'unix:///run/x.sock' });
  return { outcome: 'failed', service: 'RuntimeService', rpc, request, error, startedAtNs, durationNs: 1000 };
}
function written(...calls: CallRecord[]) {
  const transcript = new Transcript();
  calls.forEach(transcript.add);
  return transcript.toJson();
}
function responseTo(call: CallRecord): unknown {
  const [entry] = written(call);
  assert.ok(entry && 'rpc' in entry);
  return entry.response;
}

test('messages are written as protobuf JSON', () => {
  const status = create(PodSandboxStatusResponseSchema, {
    status: {
      id: 'p',
      createdAt: 9_223_372_036_854_775_807n,
      state: PodSandboxState.SANDBOX_NOTREADY,
      labels: { 'io.kubernetes.pod.uid': 'u' },
      linux: { namespaces: { options: fromBinary(NamespaceOptionSchema, Uint8Array.of(8, 99, 16, 1)) } },
    },
    containersStatuses: [{ id: 'c', exitCode: -1 }],
  });
  assert.deepEqual(responseTo(answered('PodSandboxStatus', create(StatusRequestSchema), status)), {
    status: {
      id: 'p',
      createdAt: '9223372036854775807',
      state: 'SANDBOX_NOTREADY',
      labels: { 'io.kubernetes.pod.uid': 'u' },
      linux: { namespaces: { options: { pid: 'CONTAINER', network: 99 } } },
    },
    containersStatuses: [{ id: 'c', exitCode: -1 }],
  });
});

test('entries tell when, how long and how it ended', () => {
  const transcript = new Transcript();
  startedAtNs = process.hrtime.bigint();
  const second = failed('Status', create(StatusRequestSchema, { verbose: true }), 'no');
  const third = answered('Status', create(StatusRequestSchema), create(StatusResponseSchema));
  transcript.add(third);
  transcript.add(second);
  transcript.add({
    outcome: 'streamed',
    service: 'RuntimeService',
    rpc: 'GetContainerEvents',
    request: create(GetEventsRequestSchema),
    messageCount: 3,
    startedAtNs: startedAtNs + 1n,
    durationNs: 5,
  });
  const [a, b, c] = transcript.toJson();
  assert.ok(a && 'rpc' in a && b && 'rpc' in b && c && 'rpc' in c);
  assert.deepEqual(a.error, { code: 'Unknown', message: 'no' });
  assert.deepEqual(a.request, { verbose: true });
  assert.ok(a.startedAtMs > 0 && a.startedAtMs < 10_000 && b.startedAtMs > a.startedAtMs);
  assert.deepEqual(b.response, {});
  assert.deepEqual(c.response, { messages: 3 });
});

test('bytes are whole when short, else head, tail, length and hash', () => {
  const stdout = new TextEncoder().encode(`begin${'x'.repeat(10_000)}end`);
  const response = responseTo(
    answered(
      'ExecSync',
      create(ExecSyncRequestSchema),
      create(ExecSyncResponseSchema, { stdout, stderr: Uint8Array.of(0xff, 0xfe) }),
    ),
  );
  assert.deepEqual(response, {
    stdout: {
      encoding: 'utf8',
      head: `begin${'x'.repeat(195)}`,
      tail: `${'x'.repeat(197)}end`,
      length: 10_008,
      sha256: createHash('sha256').update(stdout).digest('hex'),
    },
    stderr: { base64: '//4=', length: 2 },
  });
});

const auth = {
  username: 'robot',
  password: 'hunter-two',
  auth: Buffer.from('robot:another-one').toString('base64'),
  serverAddress: 'registry.example',
  identityToken: 'identity-token-1',
  registryToken: 'registry-token-1',
};
const secrets = [
  'hunter-two',
  auth.auth,
  'another-one',
  'identity-token-1',
  'registry-token-1',
  Buffer.from('robot:hunter-two').toString('base64'),
];

test('credentials of a pull are removed, also where the runtime repeats them', () => {
  const pull = create(PullImageRequestSchema, { image: { image: 'registry.example/a' }, auth });
  const text = JSON.stringify(
    written(
      failed('PullImage', pull, `401 for ${secrets.join(' ')} at https://robot:pw@registry.example/v2`),
      answered(
        'ExecSync',
        create(ExecSyncRequestSchema, { cmd: ['echo', 'hunter-two'] }),
        create(ExecSyncResponseSchema, {
          stdout: Buffer.from('hunter-two'),
          stderr: Buffer.from('\u00ff another-one', 'latin1'),
        }),
      ),
      answered(
        'ContainerStatus',
        create(StatusRequestSchema),
        create(ContainerStatusResponseSchema, {
          status: { annotations: { 'hunter-two': 'x' } },
          info: { spec: 'env: hunter-two' },
        }),
      ),
    ),
  );
  for (const secret of [...secrets, 'robot:pw', Buffer.from('another-one').toString('base64')])
    assert.ok(!text.includes(secret), secret);
  assert.match(
    text,
    /"auth":\{"username":"\[removed\]","password":"\[removed\]","auth":"\[removed\]","serverAddress":"registry.example"/,
  );
  assert.match(text, /401 for \[removed\]/);
});

test('credentials in a verbose Status are removed', () => {
  const config = {
    containerd: { defaultRuntimeName: 'runc' },
    registry: {
      configs: { 'r.example': { auth: { username: 'u', password: 'p1-secret' }, tls: null } },
      auths: { 'https://r.example': { auth: 'p2-secret' } },
      headers: { 'X-Key': ['p3-secret'] },
    },
    env: ['HTTPS_PROXY=http://u:p4-secret@proxy:3128', 'DB_PASSWORD=p5-secret'],
    identityToken: 'p6-secret',
    nested: [[{ registryPassword: 'p7-secret' }]],
    authorization: '',
  };
  const info = {
    config: JSON.stringify(config),
    plain: 'root = "/var"\npassword = "p8-secret"\nstate = "/run"',
    header: 'Authorization: Bearer p9-secret-and-more-text',
  };
  const response = responseTo(answered('Status', create(StatusRequestSchema), create(StatusResponseSchema, { info })));
  const text = JSON.stringify(response);
  assert.doesNotMatch(text, /p\d-secret/);
  assert.deepEqual(response, {
    info: {
      config: {
        containerd: { defaultRuntimeName: 'runc' },
        registry: {
          configs: { 'r.example': { auth: '[removed]', tls: null } },
          auths: '[removed]',
          headers: '[removed]',
        },
        env: ['HTTPS_PROXY=http://[removed]@proxy:3128', 'DB_PASSWORD=[removed]'],
        identityToken: '[removed]',
        nested: [[{ registryPassword: '[removed]' }]],
        authorization: '',
      },
      plain: 'root = "/var"\n[removed]\nstate = "/run"',
      header: '[removed]',
    },
  });
});

test('whoever has the URL of a stream is let in, so the token in it is removed', () => {
  for (const [url, shown] of [
    ['http://127.0.0.1:43211/exec/AbC-12_x', 'http://127.0.0.1:43211/exec/[removed]'],
    ['//node:10250/portforward/q1w2e3r4', '//node:10250/portforward/[removed]'],
  ]) {
    const response = create(ExecResponseSchema, { url: url ?? '' });
    assert.deepEqual(responseTo(answered('Exec', create(StatusRequestSchema), response)), { url: shown });
  }
});

test('hostile answers survive', () => {
  const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
  const info = {
    deep,
    proto: '{"__proto__":{"polluted":true},"constructor":1}',
    lone: '"\ud800"',
    bomb: `${'a.'.repeat(50_000)}://${'@'.repeat(50_000)}`,
  };
  const entries = written(
    answered('Status', create(StatusRequestSchema), create(StatusResponseSchema, { info })),
    answered(
      'ListPodSandbox',
      create(StatusRequestSchema),
      create(ListPodSandboxResponseSchema, {
        items: [{ labels: { ['__proto__']: 'x' }, id: '\u0000\u001b[2J</script>\ud800' }],
      }),
    ),
    answered('Status', fromBinary(StatusRequestSchema, Uint8Array.of(0x98, 0x06, 1)), create(StatusResponseSchema)),
  );
  const read: unknown = JSON.parse(JSON.stringify(entries));
  assert.equal((read as unknown[]).length, 3);
  assert.equal(Reflect.get({}, 'polluted'), undefined);
  assert.match(JSON.stringify(entries), /nested too deeply/);
  assert.match(JSON.stringify(entries), /"\$unknown":\[99\]/);
});

test('no secret of a pull gets through, whatever surrounds it', () => {
  const secrets = fc
    .stringMatching(/^[a-z!"$%&'()*+,./:;<=>?@^_`{|}~-]{4,30}$/)
    .filter((secret) => !removed.includes(secret));
  const fields = fc.constantFrom('password', 'auth', 'identityToken', 'registryToken');
  fc.assert(
    fc.property(secrets, fields, fc.stringMatching(/^[0-9 ]*$/), (secret, field, around) => {
      const pull = create(PullImageRequestSchema, { auth: create(AuthConfigSchema, { [field]: secret }) });
      const entries = written(failed('PullImage', pull, `${around}${secret}${around}${secret}`));
      const [entry] = entries;
      assert.ok(entry && 'rpc' in entry);
      assert.ok(entry.error?.message.includes(removed) && !entry.error.message.includes(secret), entry.error?.message);
    }),
  );
});
