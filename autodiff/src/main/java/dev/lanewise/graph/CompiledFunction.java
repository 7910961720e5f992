package dev.lanewise.graph;

import dev.lanewise.autodiff.Grad;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * A function of tensors that is traced when it is called with shapes, types or a backend for the
 * first time, and run as a {@link Graph} from then on. {@link Graph#compile} makes it.
 *
 * {@snippet :
 * CompiledFunction f = Graph.compile(x -> x.matmul(w).add(b).relu());
 * f.apply(x);     // traces, and runs
 * f.apply(other); // runs, if other has x's shape and type
 * f.traces();     // 1
 * }
 *
 * <p>Called in a function that is itself being traced, it becomes a part of that one's graph.
 */
public final class CompiledFunction {
  /**
   * How many graphs are kept: of a new shape more, the one that was not used longest is dropped.
   */
  public static final int MOST_GRAPHS = 16;

  /** What a graph is for. */
  private record Signature(Backend backend, boolean records, List<Example> inputs) {}

  private final Function<List<Tensor>, List<Tensor>> function;
  private final Map<Signature, Graph> graphs = new LinkedHashMap<>(16, 0.75f, true);
  private long calls;
  private long traces;

  CompiledFunction(Function<List<Tensor>, List<Tensor>> function) {
    this.function = function;
  }

  /**
   * {@return the function's result, in memory of its own}
   *
   * @param inputs its arguments
   * @throws GraphException if the function does what a graph can not repeat, has not one result, or
   *     one that gradients would flow through
   */
  public Tensor apply(Tensor... inputs) {
    List<Tensor> results = applyAll(List.of(inputs));
    if (results.size() != 1) {
      throw new GraphException(
          "apply: the function has " + results.size() + " results; call applyAll");
    }
    return results.getFirst();
  }

  /**
   * {@return the function's results, in memory of their own}
   *
   * @param inputs its arguments
   * @throws GraphException if the function does what a graph can not repeat, or has a result that
   *     gradients would flow through
   */
  public synchronized List<Tensor> applyAll(List<Tensor> inputs) {
    if (Trace.current() != null) {
      return function.apply(inputs);
    }
    calls++;
    return graph(inputs).runAll(inputs);
  }

  /**
   * {@return the graph for such arguments, which is traced if there is none}
   *
   * @param inputs examples
   * @throws GraphException if the function does what a graph can not repeat, or has a result that
   *     gradients would flow through
   */
  public synchronized Graph graph(List<Tensor> inputs) {
    Backend backend = Graph.backend(inputs);
    Signature signature = new Signature(backend, Grad.isOn(), Example.of(inputs));
    Graph graph = graphs.get(signature);
    if (graph == null) {
      graph = Graph.trace(this::withoutHistory, inputs);
      traces++;
      graphs.put(signature, graph);
      if (graphs.size() > MOST_GRAPHS) {
        graphs.remove(graphs.keySet().iterator().next());
      }
    }
    return graph;
  }

  private List<Tensor> withoutHistory(List<Tensor> inputs) {
    List<Tensor> results = function.apply(inputs);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).requiresGrad()) {
        throw new GraphException(
            "compile: result "
                + i
                + " remembers how it was computed, for gradients, which a graph's results do not;"
                + " compute the gradients in the function, as by Gradients.of(loss, weights), or"
                + " return its detach(), or call within Grad.off()");
      }
    }
    return results;
  }

  /** {@return how often it was called} */
  public synchronized long calls() {
    return calls;
  }

  /** {@return how often it was traced: more than a few mean that shapes differ all the time} */
  public synchronized long traces() {
    return traces;
  }
}
