import { Signal } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { exitStatus } from './ask.ts';

export const cases = [
  defineCase({
    id: 'container/stop/signal-of-config',
    title: 'stops a container by the signal that its config names, whatever its image names',
    level: 'optional',
    rpcs: ['StopContainer', 'CreateContainer'],
    basis: [
      { kind: 'proto', text: 'ContainerConfig.stop_signal: the signal that ends the container' },
      { kind: 'kep', text: 'KEP-4960: lifecycle.stopSignal of a pod overrides the image’s STOPSIGNAL' },
    ],
    needs: ['stop-signal'],
    async run(context) {
      const { given, cri, expect } = context;
      const traps = "trap 'exit 42' INT; trap 'exit 43' TERM; trap 'exit 44' USR1";
      const image = await given.image('stop-signal:1');
      const deviation = { stopSignal: Signal.SIGUSR1 };
      const { id: containerId } = await given.readyContainer(await given.sharedPodSandbox(), traps, deviation, image);
      await expect.succeeds('stop', cri.runtime.stopContainer({ containerId, timeout: 20n }), 'StopContainer');
      const { exitCode } = await exitStatus(context, containerId);
      expect.equal('by-sigusr1', exitCode, 44, 'the exit code: 42 from the INT trap, 43 from TERM, 44 from USR1');
    },
  }),
];
