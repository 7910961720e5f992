/**
 * Functions of tensors as graphs: traced once, improved, and run again and again.
 *
 * <p>Start with {@link dev.lanewise.graph.Graph}. What it records are the calls of the backends'
 * contract, in a {@link dev.lanewise.graph.Program}: {@link dev.lanewise.graph.KernelCall}s whose
 * {@link dev.lanewise.graph.Op} is a method of {@link dev.lanewise.kernel.Backend} and whose
 * operands are {@link dev.lanewise.graph.View}s of {@link dev.lanewise.graph.Buffer}s. A {@link
 * dev.lanewise.graph.Pass} makes a better program of one. {@link dev.lanewise.graph.Flow} has what
 * depends on numbers: a choice, a loop and a scan, whose functions are programs within the program.
 * Graphs become others by {@link dev.lanewise.graph.Graph#gradient} and {@link
 * dev.lanewise.graph.Graph#vmap}, and files by {@link dev.lanewise.graph.Graph#save}. There are no
 * other operations here beside the kernels'.
 */
package dev.lanewise.graph;
