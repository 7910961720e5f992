/**
 * Replays results and gradients that another framework has computed. {@link
 * dev.lanewise.bench.golden.GoldenFolder} reads a folder of cases, {@link
 * dev.lanewise.bench.golden.Replay} computes one and compares, and the tables that {@link
 * dev.lanewise.bench.golden.Operations} joins say what a case's operation is here: one line for an
 * operation, never for a case.
 */
package dev.lanewise.bench.golden;
