const execs = [
  'bytes#exec',
  'confinement#exec',
  'exit-code#failed-exec',
  'interrupt#exec',
  'large-input#exec',
  'large-output#exec',
  'like-its-container#exec',
  'resize#exec',
  'side-by-side#exec-a',
  'stdin#exec',
  'stdin-end#exec',
  'streams#exec',
  'tty#exec',
  'without-stdin#exec',
].map((key) => `exec-stream/${key}`);

const others = {
  exec: 'attach/its-container#exec',
  attach: ['attach/its-container#attach', 'log/record/attached#attach'],
};

const attaches = [
  'exit#attach',
  'output#attach',
  'stdin#attach',
  'stdin-once#attach',
  'stdin-stays#first',
  'tty#attach',
  'two-clients#first',
].map((key) => `attach/${key}`);

const stream = (key: string): string => `${key}-stream`;

/** Of cases that containerd 1.6 does not pass. */
const onSimulator = {
  'Exec 1 refused on simulator': ['exec-stream/stdin-after-stdout#exec', 'exec-stream/tty-without-stdin#exec'],
  'Exec 1 leads-nowhere on simulator': [
    'exec-stream/stdin-after-stdout#exec-stream',
    'exec-stream/tty-without-stdin#exec-stream',
  ],
};

/** Which expectations fail when the nth Exec or Attach of a container is answered wrongly. */
export const streamCallKills: Readonly<Record<string, readonly string[]>> = {
  'Exec 1 refused': [...execs, others.exec, 'exec-stream/single-use#exec', 'exec-stream/spdy-handshake#exec'],
  'Exec 2 refused': [
    'exec-stream/streams#exec-stdout',
    'exec-stream/exit-code#killed-exec',
    'exec-stream/side-by-side#exec-b',
  ],
  'Exec 3 refused': ['exec-stream/streams#exec-stderr', 'exec-stream/side-by-side#exec-c'],
  'Exec 1 leads-nowhere': [
    ...execs.map(stream),
    stream(others.exec),
    'exec-stream/single-use#first-stream',
    'exec-stream/spdy-handshake#answered',
  ],
  'Exec 2 leads-nowhere': [
    'exec-stream/streams#exec-stdout-stream',
    'exec-stream/exit-code#killed-exec-stream',
    'exec-stream/side-by-side#exec-b-stream',
  ],
  'Exec 3 leads-nowhere': ['exec-stream/streams#exec-stderr-stream', 'exec-stream/side-by-side#exec-c-stream'],
  'Exec 1 ends-late': [
    'attach/its-container#success-ends',
    'exec-stream/bytes#success-ends',
    'exec-stream/confinement#success-ends',
    'exec-stream/like-its-container#success-ends',
    'exec-stream/exit-code#failed-ends',
    'exec-stream/interrupt#ends',
    'exec-stream/large-input#ends',
    'exec-stream/large-output#ends',
    'exec-stream/side-by-side#success-a-ends',
    'exec-stream/single-use#first-ends',
    'exec-stream/stdin#success-ends',
    'exec-stream/streams#success-ends',
    'exec-stream/tty#ends',
    'exec-stream/unknown-command#ends',
    'exec-stream/without-stdin#success-ends',
  ],
  'Exec 2 ends-late': [
    'exec-stream/streams#stdout-ends',
    'exec-stream/exit-code#killed-ends',
    'exec-stream/side-by-side#success-b-ends',
  ],
  'Exec 3 ends-late': ['exec-stream/streams#stderr-ends', 'exec-stream/side-by-side#success-c-ends'],
  'Exec 1 fails': [
    'attach/its-container#success',
    'exec-stream/bytes#success',
    'exec-stream/confinement#success',
    'exec-stream/like-its-container#success',
    'exec-stream/exit-code#failed',
    'exec-stream/interrupt#exit-code',
    'exec-stream/large-input#success',
    'exec-stream/large-output#success',
    'exec-stream/side-by-side#success-a',
    'exec-stream/single-use#first',
    'exec-stream/stdin#success',
    'exec-stream/streams#success',
    'exec-stream/tty#exit-code',
    'exec-stream/without-stdin#success',
  ],
  'Exec 2 fails': ['exec-stream/exit-code#killed', 'exec-stream/side-by-side#success-b'],
  'Exec 3 fails': ['exec-stream/side-by-side#success-c'],
  'Exec 1 mute': [
    'exec-stream/bytes#from-command',
    'exec-stream/interrupt#ready',
    'exec-stream/large-output#stdout',
    'exec-stream/resize#ready',
    'exec-stream/side-by-side#stdout-a',
    'exec-stream/stdin#first',
    'exec-stream/streams#stdout',
    'exec-stream/tty#output',
    'exec-stream/without-stdin#stdout',
  ],
  'Exec 2 mute': ['exec-stream/side-by-side#stdout-b'],
  'Exec 3 mute': ['exec-stream/side-by-side#stdout-c'],
  ...onSimulator,
  'Attach 1 refused': [...attaches, ...others.attach, 'attach/spdy-handshake#attach'],
  'Attach 2 refused': ['attach/output#attach-stdout', 'attach/stdin-stays#second', 'attach/two-clients#second'],
  'Attach 1 leads-nowhere': [...attaches.map(stream), ...others.attach.map(stream), 'attach/spdy-handshake#answered'],
  'Attach 2 leads-nowhere': [
    'attach/output#attach-stdout-stream',
    'attach/stdin-stays#second-stream',
    'attach/two-clients#second-stream',
  ],
  'Attach 1 mute': [
    'attach/output#output',
    'attach/stdin#received',
    'attach/stdin-once#received',
    'attach/stdin-stays#first-answered',
    'attach/tty#answered',
    'log/record/attached#received',
    'attach/two-clients#first-answered',
  ],
  'Attach 2 mute': ['attach/stdin-stays#second-answered', 'attach/two-clients#second-sees-both'],
};
