/** Other people, as a cluster sees them: producers and group members that are not loadtui. */
import { Kafka, logLevel } from 'kafkajs';

export function otherClient(port: number): Kafka {
  return new Kafka({ clientId: 'somebody', brokers: [`127.0.0.1:${port}`], logLevel: logLevel.NOTHING });
}

/** Writes `count` small records to one partition. */
export async function produce(port: number, topic: string, partition: number, count: number): Promise<void> {
  const producer = otherClient(port).producer();
  await producer.connect();
  const messages = Array.from({ length: count }, (_, i) => ({ value: `m${i}`, partition }));
  await producer.send({ topic, messages });
  await producer.disconnect();
}

/** Joins a group and stays until the answered function is called. */
export async function joinGroup(port: number, groupId: string, topic: string): Promise<() => Promise<void>> {
  const consumer = otherClient(port).consumer({ groupId, maxWaitTimeInMs: 100 });
  const joined = new Promise<void>((resolve) => consumer.on(consumer.events.GROUP_JOIN, () => resolve()));
  await consumer.connect();
  await consumer.subscribe({ topic });
  await consumer.run({ eachMessage: async () => undefined });
  await joined;
  return () => consumer.disconnect();
}
