import Mocha from 'mocha';

/** One test for mocha to run. */
export interface BridgedTest {
  readonly title: string;
  /** mocha's bound; the test should end itself well before. */
  readonly timeoutMs: number;
  /** Asks and tells the outcome; throws ToldAlready when it was not a pass. */
  readonly ask: () => Promise<void>;
  /**
   * The test did not end within mocha's bound, and its body may still be running.
   * @param elapsedMs since it began, by the monotonic clock; mocha itself goes by the wall clock, which can be set
   */
  readonly stuck: (elapsedMs: number) => void;
  /** Something was thrown that the test did not catch, or not in time. */
  readonly uncaught: (error: unknown) => void;
}

/** Thrown by a test that has told an outcome other than a pass, so that mocha counts it as failed too. */
export class ToldAlready extends Error {}

/**
 * Runs tests with mocha, one after the other, in this process.
 * @returns the number of tests that mocha saw fail
 */
export function runWithMocha(tests: readonly BridgedTest[]): Promise<number> {
  const mocha = new Mocha({ reporter: Silent, failZero: true });
  const bridged = new Map<Mocha.Runnable, BridgedTest>();
  let startedAt = 0;
  for (const test of tests) {
    const runnable = new Mocha.Test(test.title, () => {
      startedAt = performance.now();
      return test.ask();
    });
    mocha.suite.addTest(runnable);
    // Joining a suite gives a test the suite's time-out.
    runnable.timeout(test.timeoutMs);
    bridged.set(runnable, test);
  }
  return new Promise((resolve) => {
    const runner = mocha.run(resolve);
    runner.on('fail', (runnable: Mocha.Runnable, error: unknown) => {
      const test = bridged.get(runnable);
      if (test === undefined || error instanceof ToldAlready) return;
      if (error instanceof Error && 'code' in error && error.code === 'ERR_MOCHA_TIMEOUT')
        test.stuck(performance.now() - startedAt);
      else test.uncaught(error);
    });
  });
}

/** The parent tells what happens; mocha itself says nothing. */
class Silent extends Mocha.reporters.Base {
  override epilogue(): void {
    return;
  }
}
