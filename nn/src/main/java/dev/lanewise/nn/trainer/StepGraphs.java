package dev.lanewise.nn.trainer;

import dev.lanewise.array.DType;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.graph.Graph;
import dev.lanewise.nn.data.Batch;
import dev.lanewise.nn.internal.BatchForm;
import dev.lanewise.nn.internal.Captured;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * Steps of a module as graphs, one for each form of a batch. What a step logs are results of its
 * graph too, which are logged after each run.
 */
final class StepGraphs {
  private static final int MOST_GRAPHS = 16;

  /** What a graph is for: other shapes, or other arrays of weights, need others. */
  private record Key(
      String step, BatchForm form, List<Shape> shapes, List<DType> dtypes, Captured captured) {}

  /**
   * A graph.
   *
   * @param graph gives the results that are there, and then what is logged
   * @param present which results there are
   * @param entries what is logged
   */
  private record Traced(Graph graph, boolean[] present, List<LogBook.Entry> entries) {}

  private final TrainingModule module;
  private final Map<Key, Traced> graphs = new LinkedHashMap<>(16, 0.75f, true);

  StepGraphs(TrainingModule module) {
    this.module = module;
  }

  /**
   * {@return the results of a step on a batch, {@code null} where it has none}
   *
   * @param step which step it is
   * @param batch its batch
   * @param logs where it logs
   * @param work the step, which is traced for a form of batches that is new
   */
  List<Tensor> run(String step, Batch batch, LogBook logs, Function<Batch, List<Tensor>> work) {
    BatchForm form = BatchForm.of(batch);
    List<Tensor> inputs = BatchForm.flat(batch);
    Key key =
        new Key(
            step,
            form,
            inputs.stream().map(Tensor::shape).toList(),
            inputs.stream().map(Tensor::dtype).toList(),
            Captured.of(module));
    Traced traced = graphs.get(key);
    if (traced == null) {
      traced = trace(form, inputs, logs, work);
      graphs.put(key, traced);
      if (graphs.size() > MOST_GRAPHS) {
        graphs.remove(graphs.keySet().iterator().next());
      }
    }
    List<Tensor> found = new ArrayList<>(traced.graph.runAll(inputs));
    List<Tensor> results = new ArrayList<>();
    for (boolean present : traced.present) {
      results.add(present ? found.removeFirst() : null);
    }
    for (int i = 0; i < traced.entries.size(); i++) {
      LogBook.Entry entry = traced.entries.get(i);
      logs.log(entry.name(), found.get(i), entry.when());
    }
    return results;
  }

  private Traced trace(
      BatchForm form, List<Tensor> inputs, LogBook logs, Function<Batch, List<Tensor>> work) {
    List<LogBook.Entry> entries = new ArrayList<>();
    boolean[][] present = new boolean[1][];
    logs.record(entries);
    try {
      Graph graph =
          Graph.trace(
              ins -> {
                List<Tensor> results = work.apply(form.batch(ins));
                present[0] = new boolean[results.size()];
                List<Tensor> all = new ArrayList<>();
                for (int i = 0; i < present[0].length; i++) {
                  present[0][i] = results.get(i) != null;
                  if (present[0][i]) {
                    all.add(results.get(i).detach());
                  }
                }
                entries.forEach(entry -> all.add(entry.value().detach()));
                return all;
              },
              inputs);
      return new Traced(
          graph, present[0], entries.stream().map(LogBook.Entry::withoutValue).toList());
    } finally {
      logs.record(null);
      module.forgetPenalties(); // they have no numbers outside of the graph
    }
  }
}
