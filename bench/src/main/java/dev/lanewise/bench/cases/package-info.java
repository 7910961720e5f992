/**
 * What is measured: each kind of kernel is one record of {@link
 * dev.lanewise.bench.cases.KernelCase} with its inputs, its exact answer and its work; {@link
 * dev.lanewise.bench.cases.KernelCases} lists those of the table. Start there.
 */
package dev.lanewise.bench.cases;
