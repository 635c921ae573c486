import { registryCredentials } from '../../kit/registry-behaviours.ts';
import { digestOf } from '../images/blob.ts';

/*
 * Both ways in which registries let in: HTTP Basic (RFC 7617), and tokens that a server of theirs gives (distribution's "Token
 * Authentication Specification"). Clients learn which one it is from WWW-Authenticate: containerd from the refusal itself, Docker
 * and the containers libraries from that of the version check alone. So the version check asks for a token, as that of Docker Hub
 * does, which everybody is given; and the repositories below `private` and `token` take either, whichever they ask for.
 */

const { username, password } = registryCredentials;
const basic = `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
/** As hard to guess as what it was given for. */
const boughtToken = digestOf(Buffer.from(basic)).slice('sha256:'.length);
const anonymousToken = 'anonymous';

export const tokenPath = '/token';

/** Whether a request carries the credentials, or the token that they buy. */
export function opens(authorization: string | undefined): boolean {
  return authorization === basic || authorization === `Bearer ${boughtToken}`;
}

/** Whether a request carries any token that was given here, or the credentials. */
export function passesVersionCheck(authorization: string | undefined): boolean {
  return opens(authorization) || authorization === `Bearer ${anonymousToken}`;
}

/** The token for a request to the token server; undefined for credentials that are wrong. */
export function tokenFor(authorization: string | undefined): string | undefined {
  if (authorization === undefined) return anonymousToken;
  return authorization === basic ? boughtToken : undefined;
}

export const basicChallenge = 'Basic realm="crible"';

/** @param refusedAgain the request carried a token, which was not enough */
export function bearerChallenge(host: string, repository?: string, refusedAgain = false): string {
  return [
    `Bearer realm="http://${host}${tokenPath}"`,
    'service="crible"',
    ...(repository === undefined ? [] : [`scope="repository:${repository}:pull"`]),
    ...(refusedAgain ? ['error="insufficient_scope"'] : []),
  ].join(',');
}
