import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const folders = ['/usr/local/sbin', '/usr/local/bin', '/usr/sbin', '/usr/bin', '/sbin', '/bin'];

/** Whether the daemon's CNI plug-ins, whose PATH these folders are, find iptables. */
export function hasIptables(): boolean {
  return folders.some((folder) => existsSync(join(folder, 'iptables')));
}

/** Removes the rules and chains that CNI plug-ins made for pods of one network; they carry its name in a comment. */
export async function removeNetworkRules(network: string): Promise<void> {
  for (const table of ['nat', 'filter']) await restore(table, removalOf(await rulesOf(table), network));
}

/** Rules that carry the network's name. */
export async function networkRules(network: string): Promise<readonly string[]> {
  const tables = await Promise.all(['nat', 'filter'].map(rulesOf));
  return tables.flat().filter((rule) => rule.includes(`\\"${network}\\"`));
}

/**
 * Input for iptables-restore that removes a network's rules: those with its name in their comment
 * (`name: \"NETWORK\" id: \"...\"`), and the chains of single pods that they lead to.
 */
export function removalOf(rules: readonly string[], network: string): readonly string[] {
  const named = rules.filter((rule) => rule.startsWith('-A ') && rule.includes(`\\"${network}\\"`));
  const targets = named.map((rule) => / -j (?<chain>CNI-\S+)/.exec(rule)?.groups?.['chain']);
  const chains = [...new Set(targets)].filter((chain) => chain !== undefined && !chain.startsWith('CNI-HOSTPORT-'));
  return [
    ...named.map((rule) => rule.replace(/^-A /, '-D ')),
    ...chains.map((chain) => `-F ${chain ?? ''}`),
    ...chains.map((chain) => `-X ${chain ?? ''}`),
  ];
}

const hostPortChain = 'CNI-HOSTPORT-';

/** Whether the chains are there that every portmap plug-in of a machine shares and none removes. */
export async function hasHostPortChains(): Promise<boolean> {
  return (await rulesOf('nat')).some((rule) => rule.startsWith(`:${hostPortChain}`));
}

/** Removes the shared chains, unless a pod's host port is still in them. */
export async function removeHostPortChains(): Promise<void> {
  const rules = await rulesOf('nat');
  if (rules.some((rule) => rule.startsWith(`-A ${hostPortChain}DNAT `))) return;
  const chains = rules.flatMap((rule) => (rule.startsWith(`:${hostPortChain}`) ? [rule.slice(1).split(' ')[0]] : []));
  const jumps = rules.filter(
    (rule) => !rule.startsWith(`-A ${hostPortChain}`) && rule.includes(` -j ${hostPortChain}`),
  );
  await restore('nat', [
    ...jumps.map((rule) => rule.replace(/^-A /, '-D ')),
    ...chains.map((chain) => `-F ${chain ?? ''}`),
    ...chains.map((chain) => `-X ${chain ?? ''}`),
  ]);
}

async function rulesOf(table: string): Promise<readonly string[]> {
  if (!hasIptables()) return [];
  try {
    return (await run('iptables-save', ['-t', table], { env: environment() })).stdout.split('\n');
  } catch {
    return [];
  }
}

async function restore(table: string, lines: readonly string[]): Promise<void> {
  if (lines.length === 0) return;
  const child = spawn('iptables-restore', ['--noflush'], { env: environment(), stdio: ['pipe', 'ignore', 'ignore'] });
  child.stdin.end([`*${table}`, ...lines, 'COMMIT', ''].join('\n'));
  await new Promise<void>((resolve) => {
    child.once('error', () => {
      resolve();
    });
    child.once('close', () => {
      resolve();
    });
  });
}

function environment(): NodeJS.ProcessEnv {
  return { PATH: folders.join(':') };
}
