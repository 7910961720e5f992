package dev.lanewise.graph;

import dev.lanewise.array.NdArray;
import dev.lanewise.array.ShapeException;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.io.FileFormatException;
import dev.lanewise.kernel.Backend;
import dev.lanewise.kernel.Backends;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.Function;
import java.util.function.UnaryOperator;

/**
 * A function of tensors as a list of kernel calls that is recorded once, improved, and run again
 * and again: without Java's objects between the kernels, without a tape, in memory that was planned
 * before.
 *
 * {@snippet :
 * Graph graph = Graph.trace(x -> x.matmul(w).add(b).relu(), example);
 * Tensor y = graph.run(x);          // of the example's shape and type
 * IO.println(graph.program());      // the calls
 * IO.println(graph.report());       // what the passes did
 * }
 *
 * <p>The function is called once, with tensors that have shapes and types but no numbers; tracing
 * computes nothing and changes nothing. Which way an {@code if} went and how often a loop was
 * repeated is part of the graph; what {@link Flow} chooses and repeats is decided in each run.
 * Other tensors that the function uses, such as weights, are captured: a run reads them as they are
 * then, and what the function writes into them (running statistics, the state of an optimizer,
 * weights) each run writes. Random numbers are the next of their generator in every run. What a run
 * does beside kernels is a {@link HostStep}.
 *
 * <p>Gradients that are computed in the function are part of the graph; what a run returns
 * remembers no history. A graph holds memory for one run at a time: runs of several threads take
 * turns.
 */
public final class Graph {
  private final Source source;
  private final Program traced;
  private final Program program;
  private final Executable executable;
  private final Report report;

  Graph(Source source, Program traced, List<Pass> passes) {
    this.source = source;
    this.traced = traced;
    List<Report.Step> steps = new ArrayList<>();
    this.program = Pass.apply(passes, traced, steps);
    this.executable = new Executable(program);
    this.report = Report.of(steps, traced, program, executable.memory());
  }

  /**
   * {@return the graph of a function of one tensor}
   *
   * @param function what to trace
   * @param example a tensor with the shape, type and backend of those that runs will be given
   * @throws GraphException if the function does what a graph can not repeat
   */
  public static Graph trace(UnaryOperator<Tensor> function, Tensor example) {
    return trace(ins -> List.of(function.apply(ins.getFirst())), List.of(example));
  }

  /**
   * {@return the graph of a function of two tensors}
   *
   * @param function what to trace
   * @param first an example of the first
   * @param second an example of the second
   * @throws GraphException if the function does what a graph can not repeat
   */
  public static Graph trace(BinaryOperator<Tensor> function, Tensor first, Tensor second) {
    return trace(ins -> List.of(function.apply(ins.get(0), ins.get(1))), List.of(first, second));
  }

  /**
   * {@return the graph of a function of any number of tensors}
   *
   * @param function what to trace
   * @param examples tensors with the shapes, types and backend of those that runs will be given
   * @throws GraphException if the function does what a graph can not repeat
   */
  public static Graph trace(Function<List<Tensor>, List<Tensor>> function, List<Tensor> examples) {
    return trace(function, examples, Pass.DEFAULT);
  }

  /**
   * {@return the graph of a function, improved by passes of one's choice}
   *
   * @param function what to trace
   * @param examples tensors with the shapes, types and backend of those that runs will be given
   * @param passes what is done to it, in order; none leaves it as it was recorded
   * @throws GraphException if the function does what a graph can not repeat
   */
  public static Graph trace(
      Function<List<Tensor>, List<Tensor>> function, List<Tensor> examples, List<Pass> passes) {
    Source source =
        new Source((ins, _) -> function.apply(ins), backend(examples), Example.of(examples));
    return trace(source, passes);
  }

  static Graph trace(Source source, List<Pass> passes) {
    return trace(source, source, passes);
  }

  /** {@return the graph of what one source does, which is differentiated as another} */
  static Graph trace(Source calls, Source source, List<Pass> passes) {
    return new Graph(source, record(calls), passes);
  }

  /**
   * {@return a function of one tensor that is traced when it is called with a new shape or type}
   *
   * @param function what to trace
   */
  public static CompiledFunction compile(UnaryOperator<Tensor> function) {
    return compileAll(ins -> List.of(function.apply(ins.getFirst())));
  }

  /**
   * {@return a function of any number of tensors that is traced when it is called with new shapes
   * or types}
   *
   * @param function what to trace
   */
  public static CompiledFunction compileAll(Function<List<Tensor>, List<Tensor>> function) {
    return new CompiledFunction(function);
  }

  /** {@return what a function does} */
  private static Program record(Source source) {
    if (Trace.current() != null) {
      throw new GraphException(
          "trace: a function is being traced already; call the inner function itself, its calls"
              + " become a part of the outer graph");
    }
    Backend backend = source.backend();
    Trace trace = new Trace(backend);
    List<NdArray> inputs = new ArrayList<>();
    List<Tensor> given = new ArrayList<>();
    for (Example example : source.examples()) {
      NdArray input = trace.input(example.dtype(), example.shape());
      inputs.add(input);
      given.add(Tensor.of(input).requiresGrad(example.requiresGrad()));
    }
    try {
      List<Tensor> results = trace.within(() -> source.function().apply(given, false));
      return trace.program(inputs, results.stream().map(Tensor::data).toList());
    } finally {
      trace.end();
    }
  }

  static Backend backend(List<Tensor> examples) {
    Backend backend = examples.isEmpty() ? Backends.best() : examples.getFirst().backend();
    for (Tensor example : examples) {
      if (example.backend() != backend) {
        throw new IllegalArgumentException(
            "trace: examples live on two backends, '"
                + backend.name()
                + "' and '"
                + example.backend().name()
                + "'; move one of them with to(backend)");
      }
    }
    return backend;
  }

  /**
   * {@return the result of a run, in memory of its own}
   *
   * @param inputs as the examples were
   * @throws ShapeException if there are more or less of them, or their shapes differ
   * @throws GraphException if the graph has not one result
   */
  public Tensor run(Tensor... inputs) {
    if (program.outputs().size() != 1) {
      throw new GraphException(
          "run: the graph has " + program.outputs().size() + " results; call runAll");
    }
    return runAll(List.of(inputs)).getFirst();
  }

  /**
   * {@return the results of a run, in memory of their own}
   *
   * @param inputs as the examples were
   * @throws ShapeException if there are more or less of them, or their shapes differ
   */
  public synchronized List<Tensor> runAll(List<Tensor> inputs) {
    check(inputs);
    NdArray[] given = inputs.stream().map(Tensor::data).toArray(NdArray[]::new);
    NdArray[] read = Arrays.stream(given).map(this::readable).toArray(NdArray[]::new);
    try {
      run(given, read);
      return results();
    } finally {
      executable.unbind(); // the caller's arrays are not kept
    }
  }

  /**
   * Runs on arrays, or on copies of them, of which those that the run writes are copied back.
   *
   * @param given the arrays
   * @param read each itself, or room for its copy
   */
  void run(NdArray[] given, NdArray[] read) {
    for (int i = 0; i < given.length; i++) {
      if (read[i] != given[i]) {
        program.backend().copy(given[i], read[i]);
      }
      executable.bind(i, read[i]);
    }
    executable.run();
    for (int i = 0; i < given.length; i++) {
      if (read[i] != given[i] && executable.writesInput(i)) {
        program.backend().copy(read[i], given[i]);
      }
    }
  }

  /** {@return the results of a run, in memory of the caller's} */
  private List<Tensor> results() {
    List<Tensor> results = new ArrayList<>();
    for (int i = 0; i < program.outputs().size(); i++) {
      NdArray out = executable.output(i);
      if (program.outputs().get(i).buffer().is(Buffer.Role.TEMPORARY)
          || program.outputs().get(i).buffer().is(Buffer.Role.CONSTANT)) {
        NdArray own = program.backend().uninitialized(out.dtype(), out.shape());
        program.backend().copy(out, own);
        out = own;
      }
      results.add(Tensor.of(out));
    }
    return results;
  }

  /**
   * {@return the graph on some tensors, to be run again and again without making anything}
   *
   * @param inputs as the examples were
   * @throws ShapeException if there are more or less of them, or their shapes differ
   */
  public Replay replay(Tensor... inputs) {
    check(List.of(inputs));
    return new Replay(this, List.of(inputs));
  }

  /** {@return the array itself if calls can read it, or room for a copy without gaps} */
  NdArray readable(NdArray array) {
    boolean shared = executable.changes(array.storage());
    return array.layout().isContiguous() && !shared
        ? array
        : program.backend().uninitialized(array.dtype(), array.shape());
  }

  /** {@return the results, in memory that the next run writes over} */
  List<Tensor> outputs() {
    List<Tensor> outputs = new ArrayList<>();
    for (int i = 0; i < program.outputs().size(); i++) {
      outputs.add(Tensor.of(executable.output(i)));
    }
    return outputs;
  }

  private void check(List<Tensor> inputs) {
    if (Trace.current() != null) {
      throw new GraphException(
          "run: a graph can not be run in a function that is being traced; call the function that"
              + " the graph was traced from");
    }
    List<View> expected = program.inputs();
    if (inputs.size() != expected.size()) {
      throw new ShapeException(
          "run: the graph takes " + expected.size() + " tensors, not " + inputs.size());
    }
    for (int i = 0; i < inputs.size(); i++) {
      Tensor input = inputs.get(i);
      View view = expected.get(i);
      if (!input.shape().equals(view.shape()) || input.dtype() != view.dtype()) {
        throw new ShapeException(
            ("run: tensor %d must be %s %s, as the example was, not %s %s; Graph.compile traces"
                    + " again for other shapes")
                .formatted(i, view.dtype(), view.shape(), input.dtype(), input.shape()));
      }
      if (input.data().device() != program.backend()) {
        throw new IllegalArgumentException(
            "run: tensor %d lives on backend '%s', the graph on '%s'; move it with to(backend)"
                .formatted(i, input.data().device().name(), program.backend().name()));
      }
      input.storage().requireAlive("run");
    }
    executable.requireAlive();
  }

  /**
   * Writes the graph into a file, with the numbers of what it captured as they are now. The file is
   * of the format safetensors, with the calls in its metadata; one that is there is replaced.
   *
   * {@snippet :
   * Graph.trace(v -> model.apply(v, false), example).save(Path.of("model.safetensors"));
   * Tensor y = Graph.load(Path.of("model.safetensors")).run(x);   // without the model's classes
   * }
   *
   * @param file the file
   * @throws GraphException if the graph has what a file can not hold: random numbers, host steps,
   *     writing into inputs or captured tensors
   * @throws IOException if writing fails; an old file is then as it was
   */
  public void save(Path file) throws IOException {
    GraphFile.save(this, file);
  }

  /**
   * {@return the graph of a file, on the best backend}
   *
   * @param file what {@link #save} wrote
   * @throws FileFormatException if it is not whole, or not such a file
   * @throws IOException if reading fails
   */
  public static Graph load(Path file) throws IOException {
    return load(file, Backends.best());
  }

  /**
   * {@return the graph of a file}
   *
   * @param file what {@link #save} wrote
   * @param backend who computes
   * @throws FileFormatException if it is not whole, or not such a file
   * @throws IOException if reading fails
   */
  public static Graph load(Path file, Backend backend) throws IOException {
    return GraphFile.load(file, backend);
  }

  /**
   * {@return the graph of the gradient of a loss: its results are the gradients, one for each
   * tensor, zeros where the loss does not depend on it}
   *
   * {@snippet :
   * Graph loss = Graph.trace(x -> x.matmul(w).square().mean(), example);
   * Tensor byX = loss.gradient().run(x);
   * Tensor byW = loss.gradient(w).run(x);
   * Tensor second = Graph.trace(v -> v.mul(v).mul(v).sum(), one).gradient().gradient().run(one);
   * }
   *
   * <p>The function is traced once more, with the way back: results are those of {@link
   * dev.lanewise.autodiff.Gradients#of(Tensor, Tensor...)}, to the bit.
   *
   * @param weights by which captured tensors, which require gradients; if none is named, by each
   *     floating input
   * @throws GraphException if the graph's result is not one floating number, or there is nothing to
   *     differentiate by
   */
  public Graph gradient(Tensor... weights) {
    return Differentiation.gradient(this, List.of(weights), false);
  }

  /**
   * {@return the graph of a loss and its gradient: its results are the loss and then those of
   * {@link #gradient}}
   *
   * @param weights as for {@link #gradient}
   * @throws GraphException as {@link #gradient}
   */
  public Graph valueAndGradient(Tensor... weights) {
    return Differentiation.gradient(this, List.of(weights), true);
  }

  /**
   * {@return the graph of the vector-Jacobian product: it takes the inputs and then a gradient by
   * each result, and gives the gradients by the floating inputs}
   *
   * {@snippet :
   * Graph f = Graph.trace(x -> x.matmul(w).tanh(), example);
   * Tensor byX = f.vjp().run(x, byResult);
   * }
   *
   * @throws GraphException if a result is not floating, or no input is
   */
  public Graph vjp() {
    return Differentiation.vjp(this);
  }

  /**
   * {@return the graph for many inputs at once: of each input it takes so many, along a new first
   * axis, and so it gives each result}
   *
   * {@snippet :
   * Graph loss = Graph.trace((x, y) -> x.matmul(w).sub(y).square().mean(), sample, target);
   * Graph each = loss.gradient(w).vmap(32);       // the gradients of 32 samples
   * Tensor byW = each.run(samples, targets);      // [32, …] of [32, …] and [32, …]
   * loss.vmap(32, true, false).run(samples, target);   // one target for all
   * }
   *
   * <p>Elementwise calls, reductions, products, softmax, scans, sorting and gathering become one
   * call each, of which sums may be rounded otherwise than one by one; what does not depend on a
   * mapped input is computed once; any other call is made for each element.
   *
   * @param size how long the axis is, at least 1
   * @param mapped which inputs have it; none named means all
   * @throws GraphException if the function draws random numbers, or writes into an input or a
   *     captured tensor
   * @throws IllegalArgumentException if the size is less than 1, or there are not as many flags as
   *     inputs
   */
  public Graph vmap(int size, boolean... mapped) {
    return Vectorization.of(this, size, mapped);
  }

  /** {@return what was recorded} */
  public Program traced() {
    return traced;
  }

  /** {@return what a run does} */
  public Program program() {
    return program;
  }

  /** {@return what the passes have done, how many kernels a run calls, and in how much memory} */
  public Report report() {
    return report;
  }

  /**
   * {@return what a run does, in the language of Graphviz} {@code dot -Tsvg} makes a picture of it.
   */
  public String toDot() {
    return DotText.of(program);
  }

  Source source() {
    return source;
  }

  Executable executable() {
    return executable;
  }
}
