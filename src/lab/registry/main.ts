/**
 * The registry process of a lab: `main.ts BUSYBOX HANDSHAKE`; an empty BUSYBOX for images in which nothing runs. Writes its address to the file HANDSHAKE when it listens,
 * and leaves by itself when the folder of that file is gone, for then nobody is left to stop it.
 */
import { existsSync, renameSync, writeFileSync } from 'node:fs';
import { argv, chdir, exit, pid } from 'node:process';
import { dirname } from 'node:path';
import { loadBusybox, noBusybox } from '../busybox.ts';
import { ImageBuilder } from '../images/build.ts';
import { ImageStore } from '../images/image-store.ts';
import { createRegistry } from './server.ts';

const [, , busyboxPath, handshakePath] = argv;
if (busyboxPath === undefined || handshakePath === undefined) throw new Error('usage: main BUSYBOX HANDSHAKE');

// Loaders such as tsx are found from the folder that we were started in; from here on nobody's folder is kept busy.
chdir('/');

const store = new ImageStore(new ImageBuilder(busyboxPath === '' ? noBusybox : await loadBusybox(busyboxPath)));
const server = createRegistry(store);
server.listen(0, '127.0.0.1', () => {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the registry has no port');
  const handshake = { address: `127.0.0.1:${String(address.port)}`, pid };
  writeFileSync(`${handshakePath}.new`, JSON.stringify(handshake));
  renameSync(`${handshakePath}.new`, handshakePath);
  // Every pod waits for this one.
  void store.image('pause', '1');
});

setInterval(() => {
  if (!existsSync(dirname(handshakePath))) exit(0);
}, 2000);
