import { randomBytes } from 'node:crypto';
import { StatusError } from '../../cri/handler.ts';

/** How long the URL of a stream is good for. */
export const lifetimeMs = 60_000;
/** Of so many URLs at a time nobody made use yet. */
export const maxTickets = 1000;

/** What is promised to whoever brings a ticket: each is good for one use, within a minute. */
export class Tickets<T> {
  readonly #waiting = new Map<string, { readonly promise: T; readonly expiry: NodeJS.Timeout }>();

  /** @throws StatusError ResourceExhausted when too many are waiting. */
  issue(promise: T): string {
    if (this.#waiting.size >= maxTickets) {
      throw new StatusError('ResourceExhausted', `${String(maxTickets)} streams were asked for and not opened yet`);
    }
    const ticket = randomBytes(12).toString('base64url');
    const expiry = setTimeout(() => this.#waiting.delete(ticket), lifetimeMs);
    expiry.unref();
    this.#waiting.set(ticket, { promise, expiry });
    return ticket;
  }

  /** Undefined when there is no such ticket, or no more. */
  redeem(ticket: string): T | undefined {
    const found = this.#waiting.get(ticket);
    this.#waiting.delete(ticket);
    clearTimeout(found?.expiry);
    return found?.promise;
  }
}
