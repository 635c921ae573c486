import { isCallerName, openCaller } from './caller.ts';
import { measure } from './measure.ts';
import { measurePace } from './open-model.ts';
import { measureRecording } from './recording.ts';

/** Run by the harness: measures what its arguments say in a process that does nothing else, and tells its parent. */
const [what = '', endpoint = '', load, durationMs] = process.argv.slice(2);
if (what === 'recording') {
  process.send?.(measureRecording());
} else if (what === 'pace') {
  process.send?.(await measurePace(endpoint, { ratePerSecond: Number(load), durationMs: Number(durationMs) }));
} else if (isCallerName(what)) {
  const caller = await openCaller(what, endpoint);
  process.send?.(
    await measure(caller, {
      inFlight: Number(load),
      durationMs: Number(durationMs),
    }),
  );
  caller.close();
} else {
  throw new Error(`'${what}' is nothing to measure`);
}
process.disconnect();
