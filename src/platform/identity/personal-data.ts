import type { Manifest } from '#kernel/module';

/** Why identity holds what it holds of people, and until when. */
export const PERSONAL_DATA = {
  people: {
    purpose: {
      zh: '供人员登录，记录其姓名、联系方式、认证等级与角色',
      en: 'To let people sign in, and to know their name, contact, assurance and roles',
    },
    retention: { zh: '账户存在期间', en: 'As long as the account exists' },
  },
  sessions: {
    purpose: {
      zh: '识别已登录的人员，并查明被盗用的会话',
      en: 'To recognise who has signed in, and to find stolen sessions',
    },
    retention: { zh: '会话结束后 30 天', en: '30 days after the session ends' },
  },
  tokens: {
    purpose: { zh: '记录由谁签发了应用令牌', en: 'To know who made an application its token' },
    retention: { zh: '令牌失效后 30 天', en: '30 days after the token ends' },
  },
  sign_in_attempts: {
    purpose: { zh: '阻止猜测密码', en: 'To stop the guessing of passwords' },
    retention: { zh: '最后一次尝试后 1 天', en: 'One day after the last attempt' },
  },
  memberships: {
    purpose: {
      zh: '记录谁在何机构任何职，据以授权',
      en: 'To know who holds which post in which body, which rights follow',
    },
    retention: { zh: '任期结束后 3 年', en: 'Three years after the term' },
  },
  mandates: {
    purpose: { zh: '记录谁可代表谁办事', en: 'To know who may act for whom' },
    retention: { zh: '委托结束后 3 年', en: 'Three years after the mandate' },
  },
  document_checks: {
    purpose: {
      zh: '证明工作人员核验过证件；证件号码只存密钥摘要',
      en: 'To prove that an official saw a document; of its number only a keyed digest is kept',
    },
    retention: { zh: '账户存在期间', en: 'As long as the account exists' },
  },
  clients: {
    purpose: { zh: '记录应用由谁登记', en: 'To know who registered an application' },
    retention: { zh: '应用存在期间', en: 'As long as the application exists' },
  },
  oidc_artifacts: {
    purpose: {
      zh: '记录人员对应用的授权及其令牌',
      en: 'To keep what people let applications do, and the tokens for it',
    },
    retention: { zh: '授权到期后 1 天', en: 'One day after the consent ends' },
  },
  passkeys: {
    purpose: { zh: '供人员以通行密钥登录', en: 'To let people sign in by passkey' },
    retention: { zh: '至本人删除或账户注销', en: 'Until removed, or the account is closed' },
  },
  authenticators: {
    purpose: { zh: '核验第二因素', en: 'To check a second factor' },
    retention: { zh: '至本人删除或账户注销', en: 'Until removed, or the account is closed' },
  },
  recovery_codes: {
    purpose: {
      zh: '供丢失凭据的人员恢复账户',
      en: 'To let people back in who lost what they signed in with',
    },
    retention: { zh: '使用或到期后 30 天', en: '30 days after use or expiry' },
  },
  steps: {
    purpose: { zh: '完成正在进行的登录', en: 'To finish a sign-in that has begun' },
    retention: { zh: '几分钟', en: 'A few minutes' },
  },
  foreign_accounts: {
    purpose: {
      zh: '识别经其他身份提供方登录的人员',
      en: 'To recognise people who sign in through another provider',
    },
    retention: { zh: '账户存在期间', en: 'As long as the account exists' },
  },
} as const satisfies NonNullable<Manifest['personalData']>;
