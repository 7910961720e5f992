package dev.lanewise.graph;

import dev.lanewise.array.DType;
import dev.lanewise.array.NdArray;
import dev.lanewise.array.Shape;
import dev.lanewise.array.Storage;
import dev.lanewise.autodiff.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/** Records one call of functions: each function in a trace of its own, then the call itself. */
final class FlowTrace {
  private final Trace parent;

  /** What was called first, if this computes it again for a gradient; {@code null} otherwise. */
  private final FlowTrace first;

  private final int operands;
  private final int drawsBefore;
  private final List<Trace> traces = new ArrayList<>();
  private final List<Part> parts = new ArrayList<>();
  private final List<NdArray> outside = new ArrayList<>();
  private final List<NdArray> changed = new ArrayList<>();

  /** The latest change of the outside when it was called. */
  private final Map<Storage, Storage.Write> writes = new IdentityHashMap<>();

  /** What a gradient must not read, as it was written in the call or after it. */
  private final Set<Storage> stale = Collections.newSetFromMap(new IdentityHashMap<>());

  private FlowOp.Draws draws;

  /**
   * Starts.
   *
   * @param operands how many operands the call has before the memory of the outside
   */
  FlowTrace(Trace parent, FlowTrace first, int operands) {
    this.parent = parent;
    this.first = first;
    this.operands = operands;
    this.drawsBefore = parent.draws();
    if (first != null) {
      first.changed.forEach(array -> stale.add(array.storage()));
      first.writes.forEach(
          (storage, write) -> {
            if (storage.lastWrite() != write) {
              stale.add(storage);
            }
          });
    }
  }

  /** {@return whether calls on a tensor are recorded} */
  static boolean records(Tensor x) {
    Trace trace = Trace.current();
    return trace != null && trace.backend() == x.data().device();
  }

  /**
   * Records a function.
   *
   * @param label what listings call it
   * @param like what it is given: of these types and shapes
   * @param function the function
   * @return its results, without numbers
   */
  List<Tensor> record(String label, List<Tensor> like, UnaryOperator<List<Tensor>> function) {
    Trace trace = new Trace(parent.backend(), parent, first != null);
    traces.add(trace);
    List<NdArray> given = like.stream().map(x -> trace.input(x.dtype(), x.shape())).toList();
    try {
      List<Tensor> results =
          trace.within(
              () ->
                  function.apply(given.stream().map(Tensor::of).toList()).stream()
                      .map(x -> apart(x, given))
                      .toList());
      Program all = trace.program(given, results.stream().map(Tensor::data).toList());
      add(label, trace, Pass.apply(Pass.DEFAULT, all, new ArrayList<>()));
      return results;
    } finally {
      trace.end();
    }
  }

  /** A result is written over what the function was given: it must not be that itself. */
  private static Tensor apart(Tensor result, List<NdArray> given) {
    boolean same = given.stream().anyMatch(x -> x.storage() == result.storage());
    return same ? Tensor.of(result.data()).copy() : result;
  }

  private void add(String label, Trace trace, Program whole) {
    List<NdArray> used = new ArrayList<>();
    Program program = trace.trimmed(whole, used);
    int given = program.inputs().size() - used.size();
    List<Integer> places = new ArrayList<>();
    for (int i = 0; i < used.size(); i++) {
      NdArray array = used.get(i);
      requireUnchanged(array);
      places.add(operands + place(array, outside));
      Buffer buffer = program.inputs().get(given + i).buffer();
      boolean writes =
          program.instructions().stream()
              .anyMatch(call -> call.writes().stream().anyMatch(view -> view.buffer() == buffer));
      if (writes) {
        place(array, changed);
      }
    }
    parts.add(new Part(label, program, places));
  }

  /** {@return where an array is in a list, to which it is added if it is not} */
  private static int place(NdArray array, List<NdArray> list) {
    for (int i = 0; i < list.size(); i++) {
      if (list.get(i).storage() == array.storage()) {
        return i;
      }
    }
    list.add(array);
    return list.size() - 1;
  }

  private void requireUnchanged(NdArray array) {
    if (stale.contains(array.storage())) {
      throw new GraphException(
          "gradient: that of cond or scan needs a tensor, "
              + array.dtype()
              + " "
              + array.shape()
              + ", as it was before the function that was given, or somebody after it, wrote into"
              + " it; return the new numbers as a result or in the carry, or write into a copy()");
    }
  }

  /** {@return a function, in the order in which they were recorded} */
  Part part(int index) {
    return parts.get(index);
  }

  /** {@return the streams that the functions have taken: others in each of so many calls} */
  FlowOp.Draws draws(int calls) {
    if (draws == null) {
      draws = new FlowOp.Draws(parent.drawnSince(drawsBefore), calls);
    }
    return draws;
  }

  /** Refuses to compute again what has taken one stream after another in a loop. */
  void requireRepeatable() {
    if (parts.stream().anyMatch(FlowTrace::loopDraws)) {
      throw new GraphException(
          "gradient: random numbers are drawn in a loop or scan inside of a function that cond or"
              + " scan was given; the gradient can not draw them again. Draw them before, and give"
              + " them to the inner one as an operand");
    }
  }

  private static boolean loopDraws(Part part) {
    for (KernelCall call : part.program().instructions()) {
      boolean repeats = call.op() instanceof FlowOp.Loop || call.op() instanceof FlowOp.Scan;
      if (call.op() instanceof FlowOp flow
          && (repeats && flow.acts() || flow.parts().stream().anyMatch(FlowTrace::loopDraws))) {
        return true;
      }
    }
    return false;
  }

  /**
   * Records the call.
   *
   * @param op what is called
   * @param like the types and shapes of its results
   * @param ins its operands
   * @return the results
   */
  List<Tensor> call(FlowOp op, List<Tensor> like, List<Tensor> ins) {
    return call(op, like.stream().map(x -> result(x, x.shape())).toArray(NdArray[]::new), ins);
  }

  /**
   * Records the call of a scan.
   *
   * @param op the scan
   * @param carry the types and shapes of the carry
   * @param ys those of what one step stacks
   * @param ins its operands
   * @return the results
   */
  List<Tensor> call(FlowOp.Scan op, List<Tensor> carry, List<Tensor> ys, List<Tensor> ins) {
    Stream<NdArray> last = carry.stream().map(x -> result(x, x.shape()));
    Stream<NdArray> stacks = ys.stream().map(y -> result(y, y.shape().stacked(op.length())));
    return call(op, Stream.concat(last, stacks).toArray(NdArray[]::new), ins);
  }

  private NdArray result(Tensor like, Shape shape) {
    DType dtype = like.dtype();
    return NdArray.over(parent.imagine(shape.size() * dtype.byteSize()), dtype, shape);
  }

  private List<Tensor> call(FlowOp op, NdArray[] outs, List<Tensor> ins) {
    NdArray[] given = ins.stream().map(Tensor::data).toArray(NdArray[]::new);
    parent.add(op, outs, given, outside, changed);
    traces.forEach(parent::follow);
    outside.forEach(array -> writes.put(array.storage(), array.storage().lastWrite()));
    return List.of(outs).stream().map(Tensor::of).toList();
  }
}
