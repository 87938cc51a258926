export { type NodeSimulator, type NodeSimulatorOptions, startNodeSimulator } from "./simulator.ts";
