/** All dimensions, in the order in which they run. */
import type { Dimension, DimensionName } from './dimension.ts';
import { partitionsDimension } from './dimensions/partitions.ts';
import { producersDimension } from './dimensions/producers.ts';
import { rateDimension } from './dimensions/rate.ts';
import { sizeDimension } from './dimensions/size.ts';

export const dimensions: Readonly<Record<DimensionName, Dimension>> = {
  rate: rateDimension,
  partitions: partitionsDimension,
  producers: producersDimension,
  size: sizeDimension,
};
