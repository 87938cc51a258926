export { type NodeSimulator, startNodeSimulator } from "./simulator.ts";
