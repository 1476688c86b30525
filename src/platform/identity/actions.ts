import type { Action } from '#kernel/module';

/** What one may do with people, bodies, sign-in and applications. */
export const ACTIONS = {
  'identity.see-oneself': {
    title: { zh: '查看自己的身份', en: 'See who one is here' },
    grant: ['anyone'],
  },
  'identity.sign-in': { title: { zh: '登录', en: 'Sign in' }, grant: ['anyone'] },
  'identity.sign-out': { title: { zh: '退出登录', en: 'Sign out' }, grant: ['anyone'] },
  'identity.change-own-password': {
    title: { zh: '修改自己的密码', en: "Change one's own password" },
    grant: ['person'],
  },
  'identity.keep-own-account': {
    title: {
      zh: '管理自己的会话、通行密钥、验证器与授权',
      en: "Keep one's own sessions, passkeys, authenticator and consents",
    },
    grant: ['person'],
  },
  'identity.keep-tokens': {
    title: { zh: '管理应用令牌', en: 'Make and revoke tokens of applications' },
    grant: ['developer'],
  },
  'identity.take-sandbox-key': {
    title: { zh: '领取试用密钥', en: 'Take a trial key for an application' },
    grant: ['person'],
  },
  'identity.see-bodies': {
    title: { zh: '查看机构树', en: 'See the bodies of the city as a tree' },
    grant: ['anyone'],
  },
  'identity.keep-bodies': {
    title: { zh: '增加与撤销机构', en: 'Add and close bodies' },
    grant: ['administrator'],
  },
  'identity.keep-members': {
    title: {
      zh: '查看并管理所负责机构的成员',
      en: 'See and keep the members of a body that one is answerable for',
    },
    grant: ['person'],
  },
  'identity.keep-mandates': {
    title: { zh: '授权他人代办并随时收回', en: 'Let others act for one, and take it back' },
    grant: ['person'],
  },
  'identity.keep-people': {
    title: {
      zh: '管理账户：增加、发放恢复码、关闭',
      en: 'Keep accounts: add, give a recovery code, close',
    },
    grant: ['administrator'],
  },
  'identity.check-documents': {
    title: { zh: '核验证件并记录实名', en: 'Check documents and record the real name' },
    grant: ['operator'],
  },
  'identity.keep-applications': {
    title: {
      zh: '登记应用、更换其密钥并注销',
      en: 'Register applications, renew their secrets and end them',
    },
    grant: ['developer'],
  },
  'identity.rotate-keys': {
    title: { zh: '更换签名密钥', en: 'Rotate the keys that sign for this house' },
    grant: ['administrator'],
  },
} as const satisfies Record<string, Action>;
