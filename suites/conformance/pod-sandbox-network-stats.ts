import type { NetworkInterfaceUsage, NetworkUsage } from '../../src/cri/messages.ts';
import { defineCase, type CaseContext } from '../../src/kit/case.ts';
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
    revision: 2,
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
      const name = await defaultInterface(context, id);
      if (name === undefined) return;
      await expect.eventually(
        'as-in-pod',
        async () => {
          const atLeast = await countedInside(context, id, name);
          const { stats } = await cri.runtime.podSandboxStats({ podSandboxId: pod.id });
          const told = interfacesOf(stats?.linux?.network).find((one) => one.name === name);
          const { rxBytes, txBytes } = told ?? {};
          const seen = { rx: rxBytes?.value ?? 0n, tx: txBytes?.value ?? 0n };
          return { atLeast, told: seen, atMost: await countedInside(context, id, name) };
        },
        ({ atLeast, told, atMost }) =>
          atLeast.rx <= told.rx && told.rx <= atMost.rx && atLeast.tx <= told.tx && told.tx <= atMost.tx,
        `rx_bytes and tx_bytes of ${name} are what the kernel counts in the pod, before and after`,
        { expected: 'from at_least to at_most', withinMs: 5_000 },
      );
    },
  }),
];

const connections = 20;

interface Traffic {
  readonly rx: bigint;
  readonly tx: bigint;
}

function interfacesOf(network: NetworkUsage | undefined): readonly NetworkInterfaceUsage[] {
  return [...(network?.defaultInterface ? [network.defaultInterface] : []), ...(network?.interfaces ?? [])];
}

/** What /proc/net/dev has of an interface: received bytes first, sent bytes ninth. */
async function countedInside({ cri }: Pick<CaseContext, 'cri'>, containerId: string, name: string): Promise<Traffic> {
  const { stdout } = await cri.runtime.execSync({ containerId, cmd: ['cat', '/proc/net/dev'], timeout: 10n });
  const lines = Buffer.from(stdout).toString().split('\n');
  const line = lines.map((one) => one.trim()).find((one) => one.startsWith(`${name}:`)) ?? '';
  const counts = line
    .slice(name.length + 1)
    .trim()
    .split(/\s+/);
  return { rx: BigInt(counts[0] ?? 0), tx: BigInt(counts[8] ?? 0) };
}

/** Of all interfaces together, whichever the runtime takes for the default one. */
function trafficOf(network: NetworkUsage | undefined): Traffic {
  const all = interfacesOf(network);
  return {
    rx: all.reduce((sum, { rxBytes }) => sum + (rxBytes?.value ?? 0n), 0n),
    tx: all.reduce((sum, { txBytes }) => sum + (txBytes?.value ?? 0n), 0n),
  };
}
