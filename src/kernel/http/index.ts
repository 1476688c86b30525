export { openHttp, type App } from './http.ts';
export type { Gate } from './gate.ts';
export { sendEventStream, type StreamedEvent } from './event-stream.ts';
export { methodsAt, tagRoutes, type BookedRoute } from './route-book.ts';
