package dev.lanewise.graph;

import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.List;

/**
 * What a graph was traced from: it can be traced again, as a part of another function.
 *
 * @param function the function
 * @param backend who computes
 * @param examples its inputs
 */
record Source(Function function, Backend backend, List<Example> examples) {

  /** A function of tensors. */
  @FunctionalInterface
  interface Function {
    /**
     * {@return its results}
     *
     * @param ins its arguments
     * @param recorded whether the results will be differentiated, if they are gradients themselves
     */
    List<Tensor> apply(List<Tensor> ins, boolean recorded);
  }

  /** {@return the graph of another function of the same inputs, and of more} */
  Graph trace(Function other, List<Example> more) {
    List<Example> all = new ArrayList<>(examples);
    all.addAll(more);
    return Graph.trace(new Source(other, backend, List.copyOf(all)), Pass.DEFAULT);
  }
}
