package dev.lanewise.graph;

import dev.lanewise.array.Layout;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.autodiff.Tensor;
import dev.lanewise.kernel.Backend;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A program for many inputs at once: its calls are recorded once more, on arrays with one more
 * leading axis. What depends on a mapped input is mapped too; everything else is computed once.
 *
 * <p>A call whose operation can run along a leading axis becomes one call; any other becomes one
 * for each element.
 */
final class Vectorization {
  private final Program program;
  private final int count;
  private final Set<Buffer> mapped = new HashSet<>();
  private final Map<Buffer, NdArray> arrays = new HashMap<>();

  private Vectorization(Program program, int count, boolean[] inputs) {
    this.program = program;
    this.count = count;
    for (int i = 0; i < inputs.length; i++) {
      if (inputs[i]) {
        mapped.add(program.inputs().get(i).buffer());
      }
    }
    while (spread()) {
      // A buffer that is written in parts may be mapped only by a later part.
    }
  }

  /**
   * {@return the graph over a leading axis}
   *
   * @param graph of one element
   * @param count how many elements
   * @param inputs which inputs have the axis; none named means all
   */
  static Graph of(Graph graph, int count, boolean... inputs) {
    boolean[] which = which(graph, count, inputs);
    Source source = graph.source();
    Vectorization all = new Vectorization(graph.traced(), count, which);
    all.requireNoEffects();
    List<Example> examples = new ArrayList<>();
    for (int i = 0; i < which.length; i++) {
      Example one = source.examples().get(i);
      Shape shape = which[i] ? one.shape().stacked(count) : one.shape();
      examples.add(new Example(one.dtype(), shape, one.requiresGrad()));
    }
    Source calls = new Source((ins, _) -> all.record(ins), source.backend(), examples);
    Source.Function function = (ins, recorded) -> oneByOne(source, count, which, ins, recorded);
    return Graph.trace(calls, new Source(function, source.backend(), examples), Pass.DEFAULT);
  }

  private static boolean[] which(Graph graph, int count, boolean[] inputs) {
    int expected = graph.traced().inputs().size();
    if (count < 1) {
      throw new IllegalArgumentException(
          "vmap: the axis must have at least 1 element, not " + count);
    }
    if (inputs.length != 0 && inputs.length != expected) {
      throw new IllegalArgumentException(
          "vmap: the graph has "
              + expected
              + " inputs, but "
              + inputs.length
              + " flags say which have the axis; give one for each, or none for all");
    }
    boolean[] which = new boolean[expected];
    for (int i = 0; i < expected; i++) {
      which[i] = inputs.length == 0 || inputs[i];
    }
    return which;
  }

  /** The function for each element by itself, which gradients are taken of. */
  private static List<Tensor> oneByOne(
      Source source, int count, boolean[] which, List<Tensor> ins, boolean recorded) {
    List<List<Tensor>> results = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      List<Tensor> one = new ArrayList<>();
      for (int j = 0; j < which.length; j++) {
        one.add(which[j] ? ins.get(j).at(i) : ins.get(j));
      }
      results.add(source.function().apply(one, recorded));
    }
    List<Tensor> stacked = new ArrayList<>();
    for (int r = 0; r < results.getFirst().size(); r++) {
      int place = r;
      stacked.add(
          Tensor.stack(0, results.stream().map(of -> of.get(place)).toArray(Tensor[]::new)));
    }
    return stacked;
  }

  /** Lets what depends on something mapped be mapped; returns whether there was more. */
  private boolean spread() {
    boolean more = false;
    for (KernelCall call : program.instructions()) {
      boolean depends =
          call.reads().stream().anyMatch(this::isMapped)
              || call.writes().stream().anyMatch(this::isMapped);
      for (View out : call.writes()) {
        more |= depends && mapped.add(out.buffer());
      }
    }
    return more;
  }

  private boolean isMapped(View view) {
    return mapped.contains(view.buffer());
  }

  private void requireNoEffects() {
    if (!program.steps().isEmpty()) {
      throw new GraphException(
          "vmap: the function has the host step '"
              + program.steps().getFirst()
              + "', which can not happen for each element; give random numbers and scalars as"
              + " inputs");
    }
    for (KernelCall call : program.instructions()) {
      if (call.op() instanceof FlowOp) {
        throw new GraphException(
            "vmap: the function calls Flow."
                + call.op().name()
                + ", which decides once for all elements; choose with Tensor.where, and write loops"
                + " in Java");
      }
      for (View out : call.writes()) {
        if (!out.buffer().is(Buffer.Role.TEMPORARY)) {
          throw new GraphException(
              "vmap: the function writes into "
                  + (out.buffer().is(Buffer.Role.INPUT) ? "an input" : "a captured tensor")
                  + " of shape "
                  + out.shape()
                  + ", which has room for one element only; return the new numbers instead");
        }
      }
    }
  }

  // ---- Recording ----

  private List<Tensor> record(List<Tensor> ins) {
    arrays.clear();
    for (int i = 0; i < ins.size(); i++) {
      arrays.put(program.inputs().get(i).buffer(), ins.get(i).data());
    }
    Backend recorder = new Recorder(program.backend(), Trace.current());
    for (KernelCall call : program.instructions()) {
      record(recorder, call);
    }
    List<Tensor> results = new ArrayList<>();
    for (View output : program.outputs()) {
      NdArray array = array(recorder, output.buffer());
      results.add(Tensor.of(array.view(stacked(output))));
    }
    arrays.clear();
    return results;
  }

  private void record(Backend recorder, KernelCall call) {
    boolean isMapped = call.writes().stream().anyMatch(this::isMapped);
    KernelCall one = isMapped ? batched(call) : call;
    if (one != null) {
      make(recorder, one, 0);
      return;
    }
    for (int i = 0; i < count; i++) {
      make(recorder, call, i);
    }
  }

  /** Makes a call, of what is mapped on the elements from one on. */
  private void make(Backend recorder, KernelCall call, int index) {
    NdArray[] outs = operands(recorder, call.outs(), index);
    NdArray[] ins = operands(recorder, call.ins(), index);
    call.op().bind(recorder, outs, ins).run();
  }

  private NdArray[] operands(Backend recorder, List<View> views, int index) {
    NdArray[] all = new NdArray[views.size()];
    for (int i = 0; i < all.length; i++) {
      View view = views.get(i);
      if (view != null) {
        long by = isMapped(view) ? index * view.buffer().size() : 0;
        all[i] = array(recorder, view.buffer()).view(view.layout().shifted(by));
      }
    }
    return all;
  }

  private NdArray array(Backend recorder, Buffer buffer) {
    if (buffer.is(Buffer.Role.CAPTURED) || buffer.is(Buffer.Role.CONSTANT)) {
      return buffer.array();
    }
    long size = mapped.contains(buffer) ? count * buffer.size() : buffer.size();
    return arrays.computeIfAbsent(
        buffer, b -> recorder.uninitialized(b.dtype(), Shape.of(Math.toIntExact(size))));
  }

  // ---- Calls along the axis ----

  /** {@return the view of all elements; of one that is not mapped the same for each} */
  private Layout stacked(View view) {
    return view.layout().stacked(count, isMapped(view) ? view.buffer().size() : 0);
  }

  private List<View> stacked(List<View> views) {
    List<View> all = new ArrayList<>();
    for (View view : views) {
      all.add(view == null ? null : new View(view.buffer(), stacked(view)));
    }
    return all;
  }

  /** {@return one call for all elements; {@code null} if the operation has none} */
  private KernelCall batched(KernelCall call) {
    return switch (call.op()) {
      case Op.Elementwise _, Op.Copy _ ->
          new KernelCall(call.op(), stacked(call.outs()), stacked(call.ins()));
      case Op.Reduce reduce -> reduce(call, reduce);
      case Op.Matmul _ -> matmul(call);
      case Op.Fixed fixed when axisPlace(fixed.kernel()) >= 0 -> alongAxis(call, fixed);
      case Op.Fixed _, Op.MappedMatmul _, Op.Conv _, Op.Random _ -> null;
      case FlowOp _ -> throw new AssertionError(call.op());
    };
  }

  /** No axes mean all of them: for a single number there is no list that leaves the new one out. */
  private KernelCall reduce(KernelCall call, Op.Reduce reduce) {
    int rank = call.ins().getFirst().shape().rank();
    if (rank == 0) {
      return null;
    }
    Op moved =
        new Op.Reduce(reduce.op(), reduce.expr(), axes(reduce.axes(), rank), reduce.scalars());
    return new KernelCall(moved, stacked(call.outs()), stacked(call.ins()));
  }

  private static List<Integer> axes(List<Integer> axes, int rank) {
    List<Integer> moved = new ArrayList<>();
    for (int axis = 0; axis < rank; axis++) {
      if (axes.isEmpty() || axes.contains(axis) || axes.contains(axis - rank)) {
        moved.add(axis + 1);
      }
    }
    return moved;
  }

  /** Axes of a batch are counted from the last: matrices get them all before the new one. */
  private KernelCall matmul(KernelCall call) {
    int rank = call.outs().getFirst().shape().rank();
    List<View> ins = new ArrayList<>();
    for (View in : call.ins()) {
      int missing = rank - in.shape().rank();
      List<Integer> dims = new ArrayList<>(Collections.nCopies(missing, 1));
      for (int dim : in.shape().dims()) {
        dims.add(dim);
      }
      Shape shape = Shape.of(dims.stream().mapToInt(Integer::intValue).toArray());
      View padded = new View(in.buffer(), in.layout().reshape(shape));
      ins.add(new View(in.buffer(), stacked(padded)));
    }
    return new KernelCall(call.op(), stacked(call.outs()), ins);
  }

  private KernelCall alongAxis(KernelCall call, Op.Fixed fixed) {
    int place = axisPlace(fixed.kernel());
    List<Object> attributes = new ArrayList<>(fixed.attributes());
    int axis = (Integer) attributes.get(place);
    attributes.set(place, axis < 0 ? axis : axis + 1);
    Op moved = new Op.Fixed(fixed.kernel(), attributes);
    return new KernelCall(moved, stacked(call.outs()), stacked(call.ins()));
  }

  /** {@return at which place a kernel is told its axis, if all other axes are independent of it} */
  private static int axisPlace(Kernel kernel) {
    return switch (kernel) {
      case ARG_MAX,
          ARG_MIN,
          SORT,
          SOFTMAX,
          SOFTMAX_BACKWARD,
          LOG_SOFTMAX,
          LOG_SOFTMAX_BACKWARD,
          GATHER,
          SCATTER_ADD ->
          0;
      case SCAN -> 1;
      default -> -1;
    };
  }
}
