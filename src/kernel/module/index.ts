export { inOrder } from './order.ts';
export type { Importer, ImportProgress } from './importer.ts';
export {
  defineModule,
  port,
  storage,
  type Action,
  type Built,
  type Emit,
  type Events,
  type Feed,
  type Kernel,
  type Manifest,
  type Module,
  type PlanClaim,
  type Port,
  type SensitiveType,
  type Sensitivity,
  type Storage,
  type Tx,
  type Words,
} from './module.ts';
