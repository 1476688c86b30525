export { openNats, type Nats } from './nats.ts';
