import { codeChanged, forgives } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';
import type { AnswerInit, UnaryRpc } from '../rpc.ts';

/** Where nothing listens. */
const url = 'http://127.0.0.1:1/exec/none';

/** What calls about a container promise when there is none of that id. */
export const containerUnknownFaults: readonly Fault[] = [
  succeeds('Attach', 'attach', { url }),
  succeeds('ContainerStats', 'container-stats', {}),
  succeeds('ContainerStatus', 'container-status', {}),
  succeeds('Exec', 'exec', { url }),
  succeeds('ExecSync', 'exec-sync', {}),
  succeeds('ReopenContainerLog', 'reopen-container-log', {}),
  succeeds('StartContainer', 'start-container', {}),
  succeeds('UpdateContainerResources', 'update-container-resources', {}),
  unnamed('ExecSync', 'exec-sync'),
  unnamed('Exec', 'exec-stream'),
  unnamed('Attach', 'attach'),
];

function succeeds<R extends UnaryRpc>(rpc: R, name: string, init: AnswerInit<R>): Fault {
  return fault({
    name: `${name}-of-unknown-id-succeeds`,
    breaks: `${rpc} of an unknown container is refused`,
    kills: [`container/unknown-id/is-refused#${name}-refused`],
    how: forgives(rpc, 'NotFound', init),
  });
}

function unnamed(rpc: UnaryRpc, area: string): Fault {
  return fault({
    name: `${area}-of-unknown-id-is-an-unknown-error`,
    breaks: `${rpc} of an unknown container is answered by NotFound`,
    kills: [`${area}/unknown-id#not-found`],
    how: codeChanged(rpc, 'NotFound', 'Unknown'),
  });
}
