import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineMsOf } from './deadline.ts';
import {
  CheckpointContainerRequestSchema,
  create,
  ExecSyncRequestSchema,
  PullImageRequestSchema,
  RunPodSandboxRequestSchema,
  StatusRequestSchema,
  StopContainerRequestSchema,
} from './messages.ts';

const stop = (timeout: bigint) => create(StopContainerRequestSchema, { timeout });

test("calls get the kubelet's time", () => {
  assert.equal(deadlineMsOf('Status', create(StatusRequestSchema)), 120_000);
  assert.equal(deadlineMsOf('RunPodSandbox', create(RunPodSandboxRequestSchema)), 240_000);
  assert.equal(deadlineMsOf('PullImage', create(PullImageRequestSchema)), 240_000);
});

test('a time-out that the request asks for comes on top', () => {
  assert.equal(deadlineMsOf('StopContainer', stop(30n)), 150_000);
  assert.equal(deadlineMsOf('ExecSync', create(ExecSyncRequestSchema, { timeout: 5n })), 125_000);
  assert.equal(deadlineMsOf('CheckpointContainer', create(CheckpointContainerRequestSchema, { timeout: 5n })), 120_000);
  assert.equal(
    deadlineMsOf('CheckpointContainer', create(CheckpointContainerRequestSchema, { timeout: 500n })),
    500_000,
  );
});

test('a call time-out replaces the table, not what the request asks for', () => {
  assert.equal(deadlineMsOf('RunPodSandbox', create(RunPodSandboxRequestSchema), 1000), 1000);
  assert.equal(deadlineMsOf('StopContainer', stop(30n), 1000), 31_000);
});

test('absurd time-outs stay within what a timer can hold', () => {
  assert.equal(deadlineMsOf('StopContainer', stop(2n ** 63n - 1n)), 2_147_483_647);
  assert.equal(deadlineMsOf('StopContainer', stop(-5n)), 120_000);
});
