import { describe, expect, it } from 'vitest';
import { javaConsumerRate, javaProducerRate, peersFor, rdkafkaRate } from '../../bench/kafka/peer-tools.ts';

describe('reports of other tools', () => {
  it('reads the last line of ProducerPerformance', () => {
    const report = [
      '301 records sent, 60.1 records/sec (0.06 MB/sec), 1.0 ms avg latency, 2.0 ms max latency.',
      '5000000 records sent, 669120.4 records/sec (63.81 MB/sec), 20.1 ms avg latency, 200.00 ms max latency.',
    ];
    expect(javaProducerRate(report.join('\n'))).toBe(669_120.4);
  });

  it('reads the fetch rate of ConsumerPerformance', () => {
    const report = [
      'start.time, end.time, data.consumed.in.MB, MB.sec, data.consumed.in.nMsg, nMsg.sec, rebalance.time.ms, fetch.time.ms, fetch.MB.sec, fetch.nMsg.sec',
      '2026-11-21 05:00:00:000, 2026-11-21 05:00:03:000, 95.3674, 31.78, 1000000, 333333.3, 500, 2500, 38.1, 400000.0000',
    ];
    expect(javaConsumerRate(report.join('\n'))).toBe(400_000);
  });

  it('reads the last rate of rdkafka_performance', () => {
    const report = ['% 1000 messages produced in 10ms: 100000 msgs/s and 10.00 MB/s', '% 1357000 msgs/s and 135 MB/s'];
    expect(rdkafkaRate(report.join('\n'))).toBe(1_357_000);
  });

  it.each([javaProducerRate, javaConsumerRate, rdkafkaRate])('finds nothing where there is nothing', (read) => {
    expect(read('Segmentation fault')).toBeNull();
  });
});

describe('peersFor', () => {
  const task = { brokers: 'h:9092', topic: 't', bytes: 100, messages: 10, classPath: '/jars/*' };

  it('leaves Java out where its jars are not here', () => {
    const programs = peersFor({ ...task, classPath: null }).map(({ program }) => program);
    expect(programs).not.toContain('java');
    expect(peersFor(task).map(({ program }) => program)).toContain('java');
  });
});
