/** The first line and the headers of an HTTP/1.1 message, to be changed as they are. */
export interface HttpHead {
  line: string;
  readonly headers: [name: string, value: string][];
}

const end = '\r\n\r\n';

/** Takes the head off the front of a connection's bytes; undefined while it is not complete. */
export function takeHead(bytes: Buffer): { readonly head: HttpHead; readonly rest: Buffer } | undefined {
  const at = bytes.indexOf(end);
  if (at === -1) return undefined;
  const [line = '', ...lines] = bytes.toString('latin1', 0, at).split('\r\n');
  const headers = lines.map((text): [string, string] => {
    const colon = text.indexOf(':');
    return [text.slice(0, colon), text.slice(colon + 1).trim()];
  });
  return { head: { line, headers }, rest: bytes.subarray(at + end.length) };
}

export function headBytes({ line, headers }: HttpHead): Buffer {
  const lines = [line, ...headers.map(([name, value]) => `${name}: ${value}`)];
  return Buffer.from(`${lines.join('\r\n')}${end}`, 'latin1');
}
