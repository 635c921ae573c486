/** What cases about images, commands and logs ask later than others, where nobody answers; see unanswered.ts. */
export const unansweredIo = {
  'ExecSync 1 refused': [
    'exec-sync/arguments#exec',
    'exec-sync/confinement#exec',
    'log/record/attached#exec',
    'log/record/order#exec',
  ],
  'ImageStatus 1 empty': ['image/status/size#found'],
  'ImageStatus 1 refused': ['image/list/several-images#status', 'image/status/size#status'],
  'ImageStatus 2 refused': ['image/pull/two-repositories#status'],
  'ListImages 1 refused': ['image/pull/moved-tag#list'],
  'PullImage 3 refused': ['image/pull/again#third-pull'],
} as const satisfies Readonly<Record<string, readonly string[]>>;
