import { Duplex } from 'node:stream';
import type { MessagePort } from 'node:worker_threads';
import { join } from './wire.ts';

/** What `pg` takes for a socket: PostgreSQL's wire bytes over a MessagePort to the engine's thread. */
export class PortStream extends Duplex {
  readonly #dial: (stream: PortStream) => Promise<MessagePort>;
  #port: MessagePort | undefined;
  #waiting: Uint8Array[] = [];

  constructor(dial: (stream: PortStream) => Promise<MessagePort>) {
    super({ allowHalfOpen: false });
    this.#dial = dial;
  }

  connect(): this {
    this.#dial(this).then(
      (port) => {
        if (this.destroyed) return port.close();
        this.#port = port;
        port.on('message', (bytes: Uint8Array) => {
          this.push(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength));
        });
        port.on('close', () => this.push(null));
        this.emit('connect');
      },
      (error: Error) => this.destroy(error),
    );
    return this;
  }

  override _read(): void {}

  override _write(chunk: Uint8Array, _encoding: string, done: () => void): void {
    this.#queue(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    for (const { chunk } of chunks) this.#queue(chunk);
    done();
  }

  override _final(done: () => void): void {
    this.#send();
    this.#port?.close();
    done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#port?.close();
    done(error);
  }

  /** Statements that are sent together cross to the thread as one message: each costs as much as a small statement. */
  #queue(bytes: Uint8Array): void {
    if (this.#waiting.push(bytes) === 1) process.nextTick(() => this.#send());
  }

  #send(): void {
    if (this.#waiting.length === 0) return;
    const bytes = join(this.#waiting);
    this.#waiting = [];
    this.#port?.postMessage(bytes, [bytes.buffer]);
  }

  // The rest of a socket, which has no meaning here.
  setNoDelay(): this {
    return this;
  }
  setKeepAlive(): this {
    return this;
  }
  setTimeout(): this {
    return this;
  }
  ref(): this {
    return this;
  }
  unref(): this {
    return this;
  }
}
