import type { NetworkUsage } from '../../src/cri/messages.ts';
import { defineCase } from '../../src/kit/case.ts';
import { execSync, podSandboxStatus } from './ask.ts';
import { defaultInterface, podSandboxStats } from './usage.ts';

const needs = ['rpc:PodSandboxStats'];

export const cases = [
  defineCase({
    id: 'pod-sandbox-stats/default-interface',
    title: 'tells the traffic of a pod’s default network interface as such',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [
      {
        kind: 'proto',
        text: 'NetworkUsage.default_interface: the default network interface; interfaces: all found, excluding the default',
      },
    ],
    needs: [...needs, 'processes', 'condition:NetworkReady'],
    async run(context) {
      const { given, expect } = context;
      const pod = await given.podSandbox();
      const { id } = await given.startedContainer(pod);
      const name = await defaultInterface(context, id);
      const { linux } = await podSandboxStats(context, pod.id);
      const told = expect.present('set', linux?.network?.defaultInterface, 'linux.network.default_interface');
      expect.equal(
        'by-route',
        told.name,
        name ?? told.name,
        'default_interface.name: the interface of the default route',
      );
    },
  }),

  defineCase({
    id: 'pod-sandbox-stats/traffic',
    title: 'counts the bytes that a pod receives and sends',
    level: 'specified',
    rpcs: ['PodSandboxStats'],
    basis: [{ kind: 'proto', text: 'NetworkInterfaceUsage: rx_bytes and tx_bytes, cumulative' }],
    needs: [...needs, 'processes', 'condition:NetworkReady'],
    async run(context) {
      const { given, cri, expect } = context;
      const { network } = await podSandboxStatus(context, (await given.podSandbox()).id);
      const pod = await given.podSandbox();
      const { id } = await given.startedContainer(pod);
      const { linux } = await podSandboxStats(context, pod.id);
      const before = trafficOf(linux?.network);
      // Nobody listens there: a segment goes out and one comes back, with headers of 40 bytes or more.
      const connect = `i=0; while [ $i -lt ${String(connections)} ]; do nc -w 2 ${String(network?.ip)} 9 < /dev/null; i=$((i + 1)); done`;
      await execSync(context, id, ['sh', '-c', connect], 'connect');
      const least = { rx: before.rx + BigInt(connections * 40), tx: before.tx + BigInt(connections * 40) };
      for (const [key, direction] of [
        ['received', 'rx'],
        ['sent', 'tx'],
      ] as const) {
        await expect.eventually(
          key,
          () => cri.runtime.podSandboxStats({ podSandboxId: pod.id }),
          ({ stats }) => trafficOf(stats?.linux?.network)[direction] >= least[direction],
          `${direction}_bytes of the pod’s interfaces after ${String(connections)} connections to another pod were tried`,
          {
            expected: { atLeast: least[direction] },
            withinMs: 5_000,
            actual: ({ stats }) => stats?.linux?.network,
          },
        );
      }
    },
  }),
];

const connections = 20;

interface Traffic {
  readonly rx: bigint;
  readonly tx: bigint;
}

/** Of all interfaces together, whichever the runtime takes for the default one. */
function trafficOf(network: NetworkUsage | undefined): Traffic {
  const all = [...(network?.defaultInterface ? [network.defaultInterface] : []), ...(network?.interfaces ?? [])];
  return {
    rx: all.reduce((sum, { rxBytes }) => sum + (rxBytes?.value ?? 0n), 0n),
    tx: all.reduce((sum, { txBytes }) => sum + (txBytes?.value ?? 0n), 0n),
  };
}
