import { Transform } from 'node:stream';
import { Refusal } from '#kernel/errors';

/** Passes bytes on and ends with Refusal('too-large') after so many, whatever the sender had announced. */
export const withinBytes = (bytesMax: number): Transform => {
  let bytes = 0;
  return new Transform({
    transform: (chunk: Buffer, _encoding, done) => {
      bytes += chunk.length;
      if (bytes > bytesMax)
        done(new Refusal('too-large', `More than ${bytesMax} bytes were sent.`));
      else done(null, chunk);
    },
  });
};
