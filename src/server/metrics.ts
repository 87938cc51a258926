import type { FastifyReply } from "fastify";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** The service's own figures, in Prometheus' form. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** Counts an answered request. @param operation whose name is the route's path where it is no dialect's */
  observeRequest(operation: { dialect: string; name: string }, method: string, reply: FastifyReply): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "sampan_http_requests_total",
    help: "Answered requests.",
    labelNames: ["dialect", "operation", "method", "status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "sampan_http_request_duration_seconds",
    help: "Time from a request to its answer.",
    labelNames: ["dialect", "operation"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeRequest({ dialect, name: operation }, method, reply) {
      requests.inc({ dialect, operation, method, status: String(reply.statusCode) });
      duration.observe({ dialect, operation }, reply.elapsedTime / 1000);
    },
  };
}
