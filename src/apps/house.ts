import type { Module } from '#kernel/module';
import audit from '../platform/audit/module.ts';
import context from '../platform/context/module.ts';
import identity from '../platform/identity/module.ts';
import policy from '../platform/policy/module.ts';
import registers from '../platform/registers/module.ts';
import sensing from '../platform/sensing/module.ts';
import programme from '../governance/programme/module.ts';
import socialManagement from '../systems/social-management/module.ts';
import transport from '../systems/transport/module.ts';

/** Everything that lives here. Adding a system is adding a line. */
export const modules: readonly Module[] = [
  audit,
  context,
  sensing,
  identity,
  policy,
  registers,
  transport,
  socialManagement,
  programme,
];
