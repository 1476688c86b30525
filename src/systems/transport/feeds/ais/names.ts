import type { Words } from '#kernel/module';

const words = (zh: string, en: string): Words => ({ zh, en });

/** Navigational status (M.1371-5, annex 8, table 45). 9 and 10 are reserved for ships with dangerous goods. */
const STATUSES: Readonly<Record<number, Words>> = {
  0: words('机动船在航', 'Under way using engine'),
  1: words('锚泊', 'At anchor'),
  2: words('失控', 'Not under command'),
  3: words('操纵能力受限', 'Restricted manoeuvrability'),
  4: words('吃水受限', 'Constrained by her draught'),
  5: words('系泊', 'Moored'),
  6: words('搁浅', 'Aground'),
  7: words('从事捕鱼', 'Engaged in fishing'),
  8: words('帆船在航', 'Under way sailing'),
  9: words('保留（高速船载危险品）', 'Reserved (high-speed craft with dangerous goods)'),
  10: words('保留（地效船载危险品）', 'Reserved (wing-in-ground craft with dangerous goods)'),
  11: words('机动船尾拖作业', 'Towing astern'),
  12: words('机动船顶推或旁拖作业', 'Pushing ahead or towing alongside'),
  13: words('保留', 'Reserved'),
  14: words('搜救应答器或示位标报警', 'AIS-SART, MOB or EPIRB active'),
};

export const statusName = (status: number): Words | undefined => STATUSES[status];

/** Ship types that have a meaning of their own (annex 8, table 53). */
const SHIP_TYPES: Readonly<Record<number, Words>> = {
  30: words('渔船', 'Fishing'),
  31: words('拖带作业', 'Towing'),
  32: words('拖带作业（长或宽）', 'Towing, long or wide'),
  33: words('疏浚或水下作业', 'Dredging or underwater operations'),
  34: words('潜水作业', 'Diving operations'),
  35: words('军事行动', 'Military operations'),
  36: words('帆船', 'Sailing'),
  37: words('游艇', 'Pleasure craft'),
  50: words('引航船', 'Pilot vessel'),
  51: words('搜救船', 'Search and rescue'),
  52: words('拖轮', 'Tug'),
  53: words('港口供应船', 'Port tender'),
  54: words('防污染船', 'Anti-pollution equipment'),
  55: words('执法船', 'Law enforcement'),
  56: words('地方用途', 'Local use'),
  57: words('地方用途', 'Local use'),
  58: words('医疗运输船', 'Medical transport'),
  59: words('非武装冲突方船舶', 'Ship not party to an armed conflict'),
};

/** The first digit of all others. The second only tells the hazard of what is carried. */
const SHIP_CLASSES: Readonly<Record<number, Words>> = {
  2: words('地效船', 'Wing in ground'),
  4: words('高速船', 'High-speed craft'),
  6: words('客船', 'Passenger'),
  7: words('货船', 'Cargo'),
  8: words('油轮', 'Tanker'),
  9: words('其他', 'Other'),
};

/** What a ship is, by its type number; undefined where the number is reserved. */
export const shipTypeName = (shipType: number): Words | undefined =>
  SHIP_TYPES[shipType] ?? (shipType < 100 ? SHIP_CLASSES[Math.trunc(shipType / 10)] : undefined);
