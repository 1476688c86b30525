/** The purposes that a request may declare (`Sanjiang-Purpose`); any other counts as none. */
export const PURPOSES = {
  service: { zh: '办理业务', en: 'To serve somebody who asked' },
  care: { zh: '照护', en: 'To care for somebody' },
  emergency: { zh: '应急处置', en: 'To help in an emergency' },
  supervision: { zh: '监督检查', en: 'To supervise by law' },
  maintenance: { zh: '运行维护', en: 'To keep things running' },
  statistics: { zh: '统计分析', en: 'To count and compare' },
} as const;
