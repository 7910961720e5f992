package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.Scope;
import dev.lanewise.autodiff.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * A graph with the tensors that it is run on: runs make no objects and no arrays. Write new numbers
 * into the inputs, {@link #run}, and read the outputs.
 *
 * {@snippet :
 * Replay step = graph.replay(x, y);
 * for (Batch batch : batches) {
 *   x.assign(batch.x());
 *   y.assign(batch.y());
 *   step.run();
 * }
 * IO.println(step.outputs().getFirst().item());   // the last loss
 * }
 *
 * <p>Outputs are in the graph's own memory: any later run of the graph writes over them.
 */
public final class Replay {
  private final Graph graph;
  private final NdArray[] given;

  /** What the calls read: the inputs, or copies of those that lie with gaps. */
  private final NdArray[] read;

  private final List<Tensor> outputs;

  Replay(Graph graph, List<Tensor> inputs) {
    this.graph = graph;
    this.given = inputs.stream().map(Tensor::data).toArray(NdArray[]::new);
    this.read =
        Scope.outside(() -> Arrays.stream(given).map(graph::readable).toArray(NdArray[]::new));
    synchronized (graph) {
      for (int i = 0; i < read.length; i++) {
        graph.executable().bind(i, read[i]); // a result may be an input
      }
      this.outputs = graph.outputs();
    }
  }

  /**
   * Runs the graph on what is in the inputs now.
   *
   * @throws IllegalStateException if an input, or a tensor that the graph captured, was freed
   */
  public void run() {
    synchronized (graph) {
      for (NdArray array : given) {
        array.storage().requireAlive("run");
      }
      graph.executable().requireAlive();
      graph.run(given, read);
    }
  }

  /** {@return the results of the last run, which the next one writes over} */
  public List<Tensor> outputs() {
    return outputs;
  }
}
