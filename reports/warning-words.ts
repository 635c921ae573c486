import type { Warning } from '../src/model/warning.ts';

/** What a kind of warning means for whoever reads the report; the warning's own message says what was seen. */
export const warningWords: Readonly<Record<Warning['kind'], { readonly title: string; readonly explanation: string }>> =
  {
    'simulator-instead-of-runtime': {
      title: 'A simulator answered, not a container runtime',
      explanation: 'Nothing here says anything about a real runtime. It shows what a report looks like.',
    },
    'foreign-pods': {
      title: 'Pods of others were at work',
      explanation:
        'They share the machine and the runtime with the measured ones: figures may be slower than they need be.',
    },
    'kubelet-present': {
      title: 'A kubelet served this runtime',
      explanation:
        'A kubelet stops sandboxes that it does not know and asks the runtime all the time. Cases may have been disturbed, and figures are those of a runtime in service.',
    },
    'too-few-samples': {
      title: 'Too few samples',
      explanation:
        'A percentile that so few samples cannot bound is withheld. More rounds, or a longer profile, would show it.',
    },
    'lost-round': {
      title: 'A round was lost',
      explanation: 'The figures rest on fewer rounds than planned, and rounds are what comparisons are made of.',
    },
    'failed-calls': {
      title: 'Calls failed during a benchmark',
      explanation: 'They are counted and kept out of the latencies: a runtime that refuses quickly is not fast.',
    },
    'client-saturated': {
      title: 'crible itself was at its limit',
      explanation:
        'The figures may show the client and not the runtime. Treat them as a lower bound of what the runtime can do.',
    },
    saturated: {
      title: 'The rate could not be reached',
      explanation: 'The load was lower than the one that was asked for; what was reached is given with it.',
    },
    'late-starts': {
      title: 'Starts came late',
      explanation:
        'crible began iterations later than it meant to. Latencies count from the intended start, so the delay is in them and bounds their error.',
    },
    'stall-hidden': {
      title: 'A stall hardly shows in these percentiles',
      explanation:
        'With a fixed number in flight nothing is started while the runtime stalls, so one stall is one sample however long it lasts. An open load (a rate) shows what callers would have waited.',
    },
    'unexplained-cpu': {
      title: 'Somebody else used the machine',
      explanation: 'CPU time was used that belongs neither to the runtime nor to crible. Figures may include it.',
    },
    'left-behind': {
      title: 'Something was left behind',
      explanation: 'crible could not remove all that it made. The command named here, or crible sweep, removes it.',
    },
    'lab-limit': {
      title: 'The private lab cannot show this',
      explanation: 'It is a limit of where the runtime ran, not of the runtime.',
    },
    'no-expectations': {
      title: 'No expectations for this runtime',
      explanation: 'Nobody has recorded how it deviates, so each of its failures counts as unexpected.',
    },
    'runtime-restarted': {
      title: 'The runtime was restarted',
      explanation: 'Answers and figures from before and after it may not belong to the same state.',
    },
    flaky: {
      title: 'An outcome changed on a retry',
      explanation: 'A case that passes only on a retry is not counted as passed.',
    },
  };
