import type { CriError } from '../../src/cri/error.ts';
import type { AuthConfigSchema, MessageInitShape } from '../../src/cri/messages.ts';
import type { CaseContext } from '../../src/kit/case.ts';
import { imageStatus } from './image.ts';

export type Auth = MessageInitShape<typeof AuthConfigSchema>;

/**
 * PullImage of an image that cannot be pulled is refused, and there is no image of that name afterwards.
 * @param why completes "an image that …"
 */
export async function expectRefusedPull(
  context: CaseContext,
  reference: string,
  why: string,
  auth?: Auth,
): Promise<CriError> {
  const { cri, expect } = context;
  const request = { image: { image: reference }, ...(auth === undefined ? {} : { auth }) };
  const error = await expect.fails('refused', cri.image.pullImage(request), `PullImage of an image that ${why}`);
  const left = await imageStatus(context, reference);
  expect.equal('no-image', left?.id, undefined, `the id of the image that ${why}, afterwards`);
  return error;
}
