export { openEgress, type Egress, type EgressAnswer, type EgressRequest } from './egress.ts';
export { openReach, type Reach } from './reach.ts';
