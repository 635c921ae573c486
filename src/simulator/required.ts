import { StatusError } from '../cri/handler.ts';

/** @throws StatusError InvalidArgument naming the field when it is empty. */
export function required(value: string, field: string): string {
  if (value === '') throw new StatusError('InvalidArgument', `${field} must not be empty`);
  return value;
}
