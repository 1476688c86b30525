import type { Module } from '#kernel/module';

/** What somebody may or may not do here, and who may from the start. */
export const actions = {
  'context.entity.read': {
    title: { zh: '查看城市实体及其历史', en: 'See the things of the city and their history' },
    grant: ['anyone'],
  },
  'context.entity.write': {
    title: { zh: '写入城市实体', en: 'Write the things of the city' },
    grant: ['operator'],
  },
  'context.entityMap.write': {
    title: { zh: '管理实体映射', en: 'Keep or drop what a query found' },
    grant: ['operator'],
  },
  'context.vocabulary.write': {
    title: {
      zh: '管理数据词表（@context）',
      en: 'Keep the vocabularies that data is written in',
    },
    grant: ['operator'],
  },
  'context.snapshot.read': {
    title: { zh: '查看快照', en: 'See what is kept of a moment' },
    grant: ['operator'],
  },
  'context.snapshot.write': {
    title: { zh: '管理快照', en: 'Keep a moment of the city' },
    grant: ['operator'],
  },
  'context.model.write': {
    title: { zh: '规定某类实体的数据模型', en: 'Say what entities of a type must be like' },
    grant: ['operator'],
  },
  'context.status.read': {
    title: { zh: '查看上下文代理的运行状况', en: 'See how the broker is' },
    grant: ['operator'],
  },
  'context.subscription.read': {
    title: { zh: '查看变更订阅', en: 'See who is told of changes' },
    grant: ['operator'],
  },
  'context.subscription.write': {
    title: { zh: '管理变更订阅', en: 'Have others told of changes' },
    grant: ['operator'],
  },
  'context.registration.read': {
    title: { zh: '查看联邦数据源', en: 'See which other platforms give data' },
    grant: ['operator'],
  },
  'context.registration.write': {
    title: { zh: '管理联邦数据源', en: 'Join other platforms to this one' },
    grant: ['operator'],
  },
  'context.delivery.read': {
    title: { zh: '查看通知投递记录', en: 'See what was told to whom' },
    grant: ['operator'],
  },
  'context.delivery.replay': {
    title: { zh: '重新投递通知', en: 'Tell a receiver once more' },
    grant: ['operator'],
  },
} as const satisfies Module['actions'];
