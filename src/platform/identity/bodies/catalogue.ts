/** The posts that people hold in bodies; rights are granted to posts, so the list is closed. */
export const POSTS = {
  head: { zh: '负责人', en: 'Head' },
  deputy: { zh: '副职', en: 'Deputy' },
  mayor: { zh: '市长', en: 'Mayor' },
  cio: { zh: '首席信息官', en: 'Chief information officer' },
  keeper: { zh: '人员管理员', en: 'Keeper of members' },
  official: { zh: '工作人员', en: 'Official' },
  'hotline-agent': { zh: '热线话务员', en: 'Hotline agent' },
  inspector: { zh: '执法检查员', en: 'Inspector' },
  supervisor: { zh: '监察员', en: 'Supervisor' },
  auditor: { zh: '审计员', en: 'Auditor' },
  operator: { zh: '运行值班员', en: 'Operator on duty' },
  doctor: { zh: '医生', en: 'Doctor' },
  nurse: { zh: '护士', en: 'Nurse' },
  teacher: { zh: '教师', en: 'Teacher' },
  'grid-worker': { zh: '网格员', en: 'Grid worker' },
  clerk: { zh: '经办人', en: 'Clerk' },
  member: { zh: '成员', en: 'Member' },
} as const;
export type Post = keyof typeof POSTS;

/** Who holds one of these keeps the members of the body and of all below it. */
export const KEEPING_POSTS: readonly Post[] = ['head', 'mayor', 'keeper'];

/** What a body is; the first seven stand in the city's own register. */
export const BODY_KINDS = {
  government: { zh: '政府', en: 'Government' },
  'leading-group': { zh: '领导小组', en: 'Leading group' },
  party: { zh: '党委部门', en: 'Party department' },
  bureau: { zh: '部门', en: 'Department' },
  agency: { zh: '事业单位', en: 'Agency' },
  zone: { zh: '功能区', en: 'Zone' },
  operator: { zh: '运营单位', en: 'Operator' },
  office: { zh: '处室', en: 'Office' },
  subdistrict: { zh: '乡镇街道', en: 'Town or subdistrict' },
  institution: { zh: '机构（医院、学校等）', en: 'Institution (hospital, school …)' },
  firm: { zh: '企业', en: 'Firm' },
  association: { zh: '社会组织', en: 'Association' },
} as const;
export type BodyKind = keyof typeof BODY_KINDS;

/** Who belongs to one of these is staff of the administration. */
export const STAFF_KINDS: readonly BodyKind[] = [
  'government',
  'leading-group',
  'party',
  'bureau',
  'agency',
  'zone',
  'office',
  'subdistrict',
];
