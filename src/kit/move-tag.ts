/**
 * Moves a tag of the loopback registry to what another tag of its repository names, by the distribution API: gets the manifest of the one
 * and puts it under the other.
 * @param reference with the tag that is to move, in a repository below `moving/`
 * @returns the digest of the manifest that the tag names now
 * @throws Error when the registry does not do it
 */
export async function moveTag(reference: string, toTag: string, signal: AbortSignal): Promise<string> {
  const {
    registry = '',
    repository = '',
    tag = '',
  } = /^(?<registry>[^/]+)\/(?<repository>.+):(?<tag>[^:/]+)$/.exec(reference)?.groups ?? {};
  const manifests = `http://${registry}/v2/${repository}/manifests`;
  const found = await fetch(`${manifests}/${toTag}`, { signal });
  if (!found.ok) throw new Error(`the registry answered ${String(found.status)} for the tag ${toTag} of ${repository}`);
  const headers = { 'Content-Type': found.headers.get('content-type') ?? '' };
  const body = await found.text();
  const stored = await fetch(`${manifests}/${tag}`, { method: 'PUT', headers, body, signal });
  const digest = stored.headers.get('docker-content-digest');
  if (!stored.ok || digest === null)
    throw new Error(`the registry answered ${String(stored.status)} when it was to move ${reference}`);
  return digest;
}
