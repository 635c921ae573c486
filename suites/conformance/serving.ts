import { randomInt } from 'node:crypto';
import { connect, createServer, isIPv4 } from 'node:net';
import { networkInterfaces } from 'node:os';
import type { CaseContext } from '../../src/kit/case.ts';
import type { ContainerDeviation } from '../../src/kit/container-config.ts';
import type { Container, PodSandbox } from '../../src/kit/given.ts';
import { SetupError } from '../../src/kit/setup.ts';
import { execSync, podSandboxStatus } from './ask.ts';

/* Servers in pods, and what is heard from them by this machine and by other containers. */

/** Where they listen. */
export const serverPort = 8080;

/** How long a port may take to be reached on a busy machine. */
const reachMs = 15_000;
/** For one attempt to hear something. */
const hearMs = 1_000;

/** A container that sends a line to whoever connects to a port of its pod. */
export async function serving(
  { given }: Pick<CaseContext, 'given'>,
  pod: PodSandbox,
  line: string,
  { port = serverPort, ...deviation }: ContainerDeviation & { readonly port?: number } = {},
): Promise<Container> {
  return given.readyContainer(pod, server(`echo ${line}`, port), deviation);
}

/** For the preparation of a container: a program that is run for each connection, its output sent. */
export function server(program: string, port = serverPort): string {
  const listens = `until netstat -tln | grep -q ':${String(port)} '; do sleep 0.02; done`;
  return `nc -ll -p ${String(port)} -e ${program} & ${listens}`;
}

/** The address that the runtime tells of a pod. @param key the expectation's, as podSandboxStatus has it */
export async function addressOf(
  context: Pick<CaseContext, 'cri' | 'expect'>,
  { id }: PodSandbox,
  key?: string,
): Promise<string> {
  const { network } = await podSandboxStatus(context, id, key);
  return network?.ip ?? '';
}

/** This machine connects and hears the line. */
export async function expectHeard(
  { expect }: Pick<CaseContext, 'expect'>,
  key: string,
  at: { readonly host: string; readonly port: number },
  line: string,
  message: string,
): Promise<void> {
  await expect.eventually(
    key,
    () => heardFrom(at),
    (heard) => heard === `${line}\n`,
    `${message}: what is heard from ${at.host}:${String(at.port)}`,
    { expected: `${line}\n`, withinMs: reachMs },
  );
}

/** What is sent by whoever listens there, or what went wrong: the code of an error, or that nothing came. */
export function heardFrom({ host, port }: { readonly host: string; readonly port: number }): Promise<string> {
  if (host === '') return Promise.resolve('no address to connect to');
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    const socket = connect({ host, port, timeout: hearMs });
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.once('timeout', () => {
      resolve(`nothing within ${String(hearMs)} ms`);
      socket.destroy();
    });
    socket.once('error', (error) => {
      resolve('code' in error && typeof error.code === 'string' ? error.code : error.message);
    });
    socket.once('close', () => {
      resolve(Buffer.concat(chunks).toString());
    });
  });
}

/** What a container hears from the server port of an address. @param key the expectation's that the command can be run */
export async function heardInside(
  context: Pick<CaseContext, 'cri' | 'expect'>,
  { id }: Container,
  host: string,
  key = 'exec',
): Promise<string> {
  const connectTo = `nc -w 2 ${host} ${String(serverPort)} < /dev/null`;
  const { stdout } = await execSync(context, id, ['sh', '-c', connectTo], key);
  return stdout;
}

/** A TCP port that nobody has here, below those that outgoing connections take. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = randomInt(20_000, 30_000);
    if ((await answeringHere(port, '', () => Promise.resolve('free'))) === 'free') return port;
  }
}

/**
 * Listens on a port of this machine meanwhile, and sends a line to whoever connects.
 * @returns what `work` does, or the code of the error when this machine's port cannot be had
 */
export function answeringHere(port: number, line: string, work: () => Promise<string>): Promise<string> {
  return new Promise((resolve, reject) => {
    const listener = createServer((socket) => socket.on('error', () => socket.destroy()).end(line));
    listener.once('error', (error) => {
      resolve('code' in error && typeof error.code === 'string' ? error.code : error.message);
    });
    listener.listen(port, '0.0.0.0', () => {
      work()
        .finally(() => listener.close())
        .then(resolve, reject);
    });
  });
}

/** An address of this machine that is not its loopback's. @throws SetupError when it has none */
export function otherAddress(): string {
  const all = Object.values(networkInterfaces()).flatMap((addresses = []) => addresses);
  const found = all.find(({ internal, address }) => !internal && isIPv4(address));
  if (found === undefined) throw new SetupError('find an IPv4 address of this machine', 'it has its loopback’s alone');
  return found.address;
}
