import type { Role } from '#kernel/actor';
import type { GrantedAction } from '../contract.ts';

/** The few words by which each role is known to whoever reads its rights. */
const ROLES: Readonly<Record<Role, { zh: string; en: string }>> = {
  anyone: { zh: '任何人', en: 'Anyone' },
  person: { zh: '已登录的人', en: 'Whoever has signed in' },
  developer: { zh: '开发者', en: 'Developers' },
  device: { zh: '设备', en: 'Devices' },
  operator: { zh: '运行人员', en: 'Operators' },
  administrator: { zh: '管理员', en: 'Administrators' },
};

/** The rights that a manifest gives by role, in Cedar: one policy a role. */
export const grantsToCedar = (actions: readonly GrantedAction[]): string => {
  const byRole = new Map<string, string[]>();
  for (const { id, grant } of actions)
    for (const role of grant) byRole.set(role, [...(byRole.get(role) ?? []), id]);
  return [...byRole]
    .map(([role, ids]) => {
      const words = ROLES[role as Role] ?? { zh: role, en: role };
      const list = ids.map((id) => `    Action::"${id}"`).join(',\n');
      return `@id("role-${role}")
@zh("${words.zh}可以做的事")
@en("What ${words.en.toLowerCase()} may do")
permit (
  principal in Role::"${role}",
  action in [\n${list}\n  ],
  resource
);`;
    })
    .join('\n\n');
};
