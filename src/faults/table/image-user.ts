import type { Image } from '../../cri/messages.ts';
import type { Break } from '../break.ts';
import { answer } from '../combinators.ts';
import { fault } from '../fault.ts';
import type { Fault } from '../fault.ts';

/** What ImageStatus promises about the user of an image. */
export const imageUserFaults: readonly Fault[] = [
  fault({
    name: 'image-uid-as-a-name',
    breaks: 'a numeric user of an image is answered as a uid',
    kills: ['image/status/user#user-uid'],
    how: user((image) => {
      if (!image.uid) return;
      image.username = String(image.uid.value);
      delete image.uid;
    }),
  }),
  fault({
    name: 'image-uid-with-its-group-as-a-name',
    breaks: 'a numeric user of an image is answered as a uid, also where a group stands with it',
    kills: ['image/status/user#user-uid-gid'],
    how: user((image, name) => {
      if (!image.uid || !withGroup(name)) return;
      image.username = `${String(image.uid.value)}:${String(image.uid.value)}`;
      delete image.uid;
    }),
  }),
  fault({
    name: 'image-user-name-lost',
    breaks: 'a user of an image that is a name is answered as a name',
    kills: ['image/status/user#user-name'],
    how: user((image) => {
      image.username = '';
    }),
  }),
  fault({
    name: 'image-user-name-with-its-group',
    breaks: 'the name of the user of an image is answered without the group that stands with it',
    kills: ['image/status/user#user-name-gid'],
    how: user((image, name) => {
      if (image.username !== '' && withGroup(name)) image.username += ':www-data';
    }),
  }),
];

/** The user of these images is written as USER:GROUP, which no answer tells. */
function withGroup(name: string): boolean {
  return name.includes('-gid:');
}

function user(change: (image: Image, name: string) => void): Break {
  return answer('ImageStatus', ({ image }, asked) => {
    if (image) change(image, asked.image?.image ?? '');
  });
}
