import type { FastifyReply } from "fastify";
import { Counter, collectDefaultMetrics, Histogram, Registry } from "prom-client";

/** The service's own figures, in Prometheus' form. */
export interface Metrics {
  readonly contentType: string;
  render(): Promise<string>;
  /** Counts an answered request. @param operation name of the operation, or the route's path */
  observeRequest(operation: string, method: string, reply: FastifyReply): void;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const requests = new Counter({
    name: "sampan_http_requests_total",
    help: "Answered requests.",
    labelNames: ["operation", "method", "status"],
    registers: [registry],
  });
  const duration = new Histogram({
    name: "sampan_http_request_duration_seconds",
    help: "Time from a request to its answer.",
    labelNames: ["operation"],
    buckets: [0.005, 0.02, 0.1, 0.5, 2, 10],
    registers: [registry],
  });
  return {
    contentType: registry.contentType,
    render: () => registry.metrics(),
    observeRequest(operation, method, reply) {
      requests.inc({ operation, method, status: String(reply.statusCode) });
      duration.observe({ operation }, reply.elapsedTime / 1000);
    },
  };
}
