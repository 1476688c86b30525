export { openHttp, type App } from './http.ts';
export type { Gate } from './gate.ts';
export { sendEventStream } from './event-stream.ts';
