import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { lifetimeMs, maxTickets, Tickets } from './tickets.ts';

test('a ticket is good once, for a minute', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const tickets = new Tickets<string>();
  const [one, two, three] = [tickets.issue('one'), tickets.issue('two'), tickets.issue('three')];
  assert.deepEqual([tickets.redeem(one), tickets.redeem(one), tickets.redeem('')], ['one', undefined, undefined]);
  mock.timers.tick(lifetimeMs - 1);
  assert.equal(tickets.redeem(two), 'two');
  mock.timers.tick(1);
  assert.equal(tickets.redeem(three), undefined);
  mock.timers.reset();
});

test('only so many tickets wait, and one that was used makes room', () => {
  const tickets = new Tickets<number>();
  const issued = Array.from({ length: maxTickets }, (_, number) => tickets.issue(number));
  assert.throws(() => tickets.issue(0), { code: 'ResourceExhausted' });
  tickets.redeem(issued[0] ?? '');
  tickets.issue(0);
});
