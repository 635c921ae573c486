import { isMessage } from '@bufbuild/protobuf';
import { PullImageRequestSchema } from './gen/api_pb.js';
import type { AuthConfig } from './gen/api_pb.js';
import type { CallRecord } from './record.ts';

/** Plain data, as JSON knows it. */
export type Json = string | number | boolean | null | Json[] | { [key: string]: Json };

/** What stands where a credential was. */
export const removed = '[removed]';

/** Replaces credentials in a text. */
export type Scrub = (text: string) => string;

/** Shorter secrets are left in running text: replacing every "a" hides nothing and destroys the text. */
const shortestSecret = 4;

/**
 * Makes the Scrub for some calls: it removes the registry credentials that these calls carried, wherever a runtime
 * repeats them, and what is recognisable as a credential anywhere: user information in URLs, the tokens in URLs of exec,
 * attach and port-forward, Authorization values, assignments such as DB_PASSWORD=….
 */
export function scrubFor(calls: readonly CallRecord[]): Scrub {
  const secrets = calls
    .flatMap(({ request }) =>
      isMessage(request, PullImageRequestSchema) && request.auth ? secretsOf(request.auth) : [],
    )
    .filter((secret) => secret.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return (text) =>
    secrets
      .reduce((rest, secret) => rest.replaceAll(secret, removed), text)
      .replace(/:\/\/[^/\s@]{1,1024}@/g, `://${removed}@`)
      .replace(/(\/(?:exec|attach|port-?forward)\/)[\w-]{6,}/gi, `$1${removed}`)
      .replace(/\b(\w*(?:password|passwd|secret|token)\w*)=[^\s&"',;]+/gi, `$1=${removed}`)
      .replace(/\b(Bearer|Basic)\s{1,4}[\w+/=.~-]{16,}/gi, `$1 ${removed}`);
}

function secretsOf({ username, password, auth, identityToken, registryToken }: AuthConfig): string[] {
  const userAndPassword = Buffer.from(auth, 'base64').toString();
  const passwordOfAuth = userAndPassword.slice(userAndPassword.indexOf(':') + 1);
  const basic = Buffer.from(`${username}:${password}`).toString('base64');
  return [password, auth, identityToken, registryToken, userAndPassword, passwordOfAuth, basic];
}

/** Keys of a runtime's configuration under which credentials lie: containerd's registry auths and headers, and their like. */
const secretKey = /^(auths?|authorization|headers?|.*(password|passwd|secret|credential|token).*)$/i;
const deepest = 64;

/**
 * The value of a verbose answer's info map, which is JSON by convention: parsed, and everything under a key that may
 * hold credentials removed. A value that is not JSON keeps its lines but those with such a key.
 */
export function infoJson(text: string, scrub: Scrub): Json {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch {
    return scrub(text).replace(/^(?=.*(auth|passw|secret|credential|token|header)).*[:=].*$/gim, removed);
  }
  return typeof value === 'object' ? withoutSecrets(value, scrub, 0) : scrub(text);
}

function withoutSecrets(value: Json, scrub: Scrub, depth: number): Json {
  if (typeof value === 'string') return scrub(value);
  if (typeof value === 'number' || typeof value === 'boolean' || value === null) return value;
  if (depth > deepest) return '[nested too deeply]';
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, scrub, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      scrub(key),
      secretKey.test(key) && !isEmpty(item) ? removed : withoutSecrets(item, scrub, depth + 1),
    ]),
  );
}

function isEmpty(value: Json): boolean {
  return !value || (typeof value === 'object' && Object.keys(value).length === 0);
}
